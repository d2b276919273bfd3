/**
 * What each pod of the Indexed Job runs: its shard of the campaign, then, if it is the last to be done, the merging of all. Whoever finishes last merges, so that nothing waits, and nobody has to
 * watch over the Job: a folder can be made only once. A pod in place of one that was lost goes on where that one was. POSIX sh; the words of the campaign are its arguments.
 * A pod that is told to end tells process 1, which is the shell: it hands SIGTERM on, and waits until what has run is saved.
 *
 * It ends with 0 for a shard, whatever its verdicts; for the last one with what `merge` says of the whole.
 */
export const shardScript = `set -u
shard=$((JOB_COMPLETION_INDEX + 1))
own=$CAMPAIGN/shard-$shard
mkdir -p "$own" || exit 3
if [ -e "$own/journal.jsonl" ]; then into=--resume; else into=--out; fi
touchstone "$@" --shard "$shard/$SHARDS" "$into" "$own" &
running=$!
trap 'kill -TERM "$running" 2>/dev/null' TERM
wait "$running"
code=$?
while kill -0 "$running" 2>/dev/null; do
  wait "$running"
  code=$?
done
trap - TERM
[ "$code" -le 1 ] || exit "$code"
: >"$own/finished" || exit 3
i=1
folders=
while [ "$i" -le "$SHARDS" ]; do
  [ -e "$CAMPAIGN/shard-$i/finished" ] || exit 0
  folders="$folders shard-$i"
  i=$((i + 1))
done
mkdir "$CAMPAIGN/merging" 2>/dev/null && : >"$CAMPAIGN/merging/$shard"
[ -e "$CAMPAIGN/merging/$shard" ] || exit 0
cd "$CAMPAIGN" || exit 3
touchstone merge $folders --out "$CAMPAIGN/whole" --replace
`;
