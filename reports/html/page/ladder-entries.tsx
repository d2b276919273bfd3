/** What stands between the frames of a ladder: named moments, states, keys and notes. What is long folds open. */
import type { ComponentChildren } from 'preact';
import type { KeyEntry, MarkEntry, NodeState } from '../../../harness/capture/transcript.ts';
import type { PageEntry, PageFrame } from '../page-data.ts';
import { Lifelines, type Line, lifelineAt } from './lifelines.tsx';
import { LongText } from './long-text.tsx';
import { counted, hexNumber, instant } from './numbers.ts';

type Between = Exclude<PageEntry, PageFrame>;

export function EntryRow({ entry, lines }: { readonly entry: Between; readonly lines: readonly Line[] }) {
  switch (entry.kind) {
    case 'mark':
      return <MarkRow entry={entry} lines={lines} />;
    case 'state':
      return (
        <Folded
          entry={entry}
          lines={lines}
          says={`state of ${entry.node} “${entry.name}”: ${stateInBrief(entry.state)}`}
        >
          <StateTables state={entry.state} />
        </Folded>
      );
    case 'keys':
      return (
        <Folded entry={entry} lines={lines} says={`keys: ${keysInBrief(entry)}`}>
          <Json value={entry.record} />
        </Folded>
      );
    case 'ended':
    case 'note':
      return (
        <div class={`ladder-row entry-row ${entry.kind}-row`} id={`place-${entry.place}`}>
          <span class="when">{instant(entry.time)}</span>
          <div class="lane">
            <Lifelines lines={lines} />
            <span class="note">
              {entry.node}: {entry.says}
            </span>
          </div>
        </div>
      );
  }
}

export function Json({ value }: { readonly value: unknown }) {
  return <LongText class="json">{JSON.stringify(value, null, 2)}</LongText>;
}

function MarkRow({ entry, lines }: { entry: MarkEntry; lines: readonly Line[] }) {
  const by = lines.findIndex(({ station }) => station === entry.by);
  const act = actInBrief(entry);
  return (
    <div class="ladder-row entry-row mark-row" id={`place-${entry.place}`}>
      <span class="when">{instant(entry.time)}</span>
      <div class="lane">
        <Lifelines lines={lines} />
        {by >= 0 && <i class="diamond" style={{ left: `${lifelineAt(by, lines.length)}%` }} />}
        <span class="moment">
          {act === '' ? entry.by : ''} <b>{entry.name}</b> {act}
        </span>
      </div>
    </div>
  );
}

function Folded(props: { entry: Between; lines: readonly Line[]; says: string; children: ComponentChildren }) {
  return (
    <div class={`ladder-row entry-row ${props.entry.kind}-row`} id={`place-${props.entry.place}`}>
      <span class="when">{instant(props.entry.time)}</span>
      <div class="lane">
        <Lifelines lines={props.lines} />
        <details class="folded">
          <summary>{props.says}</summary>
          {props.children}
        </details>
      </div>
    </div>
  );
}

/** Empty where the name of the moment says it all. */
function actInBrief({ by, act }: MarkEntry): string {
  if (act.kind === 'moment' || act.kind === 'moves') return '';
  if (act.kind === 'hears') return `${by} listens for ${act.message} of ${act.of}`;
  if (act.kind === 'holds') return `the lab holds what ${act.from} says: ${act.message}`;
  if ('held' in act) return '';
  const { kind, ...given } = act.command as { kind: string } & Record<string, unknown>;
  if (act.command.kind === 'esp') {
    const { securityAssociation, sequenceNumber } = act.command.packet;
    return `${by}: ESP under ${securityAssociation}${sequenceNumber === undefined ? '' : ` #${sequenceNumber}`}`;
  }
  const ends = given.from && given.to ? ` ${given.from} → ${given.to}` : '';
  const port = given.destinationPort === undefined ? '' : ` port ${given.destinationPort}`;
  const named = [given.connection, given.child].filter(Boolean).join('/');
  return `${by}: ${kind.replace('-', ' ')}${ends}${port}${given.inClear ? ' in clear' : ''}${named ? ` ${named}` : ''}`;
}

function stateInBrief({ ikeSas, sad, delivered }: NodeState): string {
  return [
    counted(ikeSas.length, 'IKE SA'),
    counted(sad.length, 'SA'),
    counted(delivered.length, 'probe delivered', 'probes delivered'),
  ].join(', ');
}

function keysInBrief({ record }: KeyEntry): string {
  if (record.kind === 'ikev2') return `IKE SA ${record.initiatorSPI}`;
  return `ESP ${hexNumber(record.spi)}, ${record.source} → ${record.destination}`;
}

function StateTables({ state }: { state: NodeState }) {
  const counters = Object.entries(state.counters).filter(([, count]) => count !== 0);
  return (
    <>
      <Table
        caption="IKE SAs"
        rows={state.ikeSas.map((sa) => [
          sa.connection,
          sa.state,
          sa.remoteIdentity ?? '',
          `${sa.localAddress} ↔ ${sa.remoteAddress}`,
        ])}
      />
      <Table
        caption="SAD"
        rows={state.sad.map((sa) => [
          sa.direction,
          hexNumber(sa.spi),
          sa.mode,
          `${sa.source} → ${sa.destination}`,
          counted(sa.packets, 'packet'),
          `replay ${sa.replayFailures}, integrity ${sa.integrityFailures}`,
        ])}
      />
      <Table caption="SPD" rows={state.spd.map((entry) => [entry.direction, entry.action, entry.selector])} />
      <Table caption="Counters" rows={counters.map(([name, count]) => [name, String(count)])} />
      <Table
        caption="Delivered"
        rows={state.delivered.map((probe) => [
          probe.protocol,
          `${probe.source} port ${probe.sourcePort} → ${probe.destination} port ${probe.destinationPort}`,
          probe.payload,
        ])}
      />
    </>
  );
}

function Table({ caption, rows }: { caption: string; rows: readonly (readonly string[])[] }) {
  if (rows.length === 0) return null;
  return (
    <table class="small">
      <caption>{caption}</caption>
      <tbody>
        {rows.map((cells, i) => (
          <tr key={i}>
            {cells.map((cell, j) => (
              <td key={j}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
