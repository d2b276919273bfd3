/** What the log of iked says of the IKE SAs that it begins: whether there is one, whether one is being closed, and what became of the last attempt. */
import type { Told } from '../kit/daemon-process.ts';

/** Whether a child stands on an IKE SA that it began by this policy, and that is neither closed nor being closed. */
export const isInitiated = (log: string, policy: string): boolean =>
  spisIn(log, `established peer .* policy '${policy}' as initiator`).some(
    (spi) => !isFreed(log, spi) && !spisIn(log, `${CLOSES} .*`).includes(spi) && hasChild(log, spi),
  );

/** On the IKE SA of that SPI: neither of its two SAs is deleted. */
function hasChild(log: string, spi: string): boolean {
  const line = (what: string) => new RegExp(`^spi=${spi}: ${what}`, 'gm');
  const loaded = [...log.matchAll(line('ikev2_childsa_enable: loaded SPIs: (0x[0-9a-f]+), (0x[0-9a-f]+)'))];
  const deleted = [...log.matchAll(line('ikev2_childsa_delete: deleted CHILD SA spi (0x[0-9a-f]+)'))];
  const gone = new Set(deleted.map(([, child]) => child));
  return loaded.some(([, one, other]) => !gone.has(one) && !gone.has(other));
}

/** Whether it waits for the answer to its Delete of an IKE SA of this policy. One that never had a child hinders nothing. */
export const isClosing = (log: string, policy: string): boolean =>
  spisIn(log, `${CLOSES} .* policy '${policy}'`).some((spi) => !isFreed(log, spi));

const CLOSES = 'sa_state: ESTABLISHED -> CLOSED';

const spisIn = (log: string, line: string): string[] =>
  [...log.matchAll(new RegExp(`^spi=(0x[0-9a-f]+): ${line}`, 'gm'))].map(([, spi]) => spi!);

const isFreed = (log: string, spi: string): boolean => log.includes(`spi=${spi}: sa_free`);

/** Of the attempt that this part of the log is about; what becomes of an IKE SA that was there before says nothing of it. */
export function outcomeOf(log: string, before: string): Told | undefined {
  const established = /^.*: (?:established peer .* as initiator|ikev2_childsa_enable: loaded SPIs).*$/m.exec(log);
  if (established) return { done: true, says: established[0] };
  const failed = log.split('\n').find((line) => {
    const [, spi] = /^spi=(0x[0-9a-f]+): /.exec(line) ?? [];
    return FAILS.test(line) && !ANOTHER_GROUP.test(line) && (spi === undefined || !before.includes(spi));
  });
  return failed === undefined ? undefined : { done: false, says: failed };
}

/** RFC 7296 1.2: whether the responder wants another group than was offered first, with which an attempt is to begin again. */
export const groupWanted = (log: string): 'another group' | undefined =>
  ANOTHER_GROUP.test(log) ? 'another group' : undefined;

const ANOTHER_GROUP = /: sa_free: reinitiating with new DH group/;
const FAILS = /: sa_free|send_auth_failed|failed to initiate|flow wasn't found/;
