/** What pluto's status says of connections, IKE SAs and children, in the words of `NodeState`. It names no SPIs of IKE. */
import type { NodeState } from '../../lab/node.ts';
import { turned } from '../distinguished-name.ts';

/** As far as it is read. */
export interface PlutoStatus {
  readonly version: string;
  /** For IKE, at the addresses it found. */
  readonly listens: boolean;
  readonly connections: readonly ConnectionStatus[];
  readonly states: readonly StateStatus[];
}

/** A connection, or one that was made of it for a peer. */
export interface ConnectionStatus {
  /** As it was loaded. */
  readonly name: string;
  /** `[1]` of one that was made for a peer. */
  readonly instance: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remoteIdentity?: string;
  /** `unrouted` where no policy is installed. */
  readonly routing: string;
}

/** A state object: an IKE SA, or a child of one. */
export interface StateStatus {
  readonly serial: number;
  readonly connection: string;
  readonly instance: string;
  /** As pluto calls it: `STATE_V2_ESTABLISHED_IKE_SA`, `ESTABLISHED_CHILD_SA`. */
  readonly state: string;
  /** Of its SAs, where they are established. */
  readonly spis: readonly number[];
}

/** Of the whole text; of what cannot be read there is nothing. */
export function parseStatus(text: string): PlutoStatus {
  const lines = text.split('\n').map((line) => line.replace(/^\d{3} /, ''));
  return {
    version: matched(lines, /pluto_version=([^,\s]+)/)[0]?.[1] ?? '',
    listens: lines.some((line) => line.startsWith('interface ')),
    connections: matched(lines, CONNECTION).map(connectionOf),
    states: matched(lines, STATE).map((match) => stateOf(match, lines)),
  };
}

/** The IKE SAs, each once, by the connection that brought it about. */
export function ikeSasOf({ connections, states }: PlutoStatus): NodeState['ikeSas'] {
  return states.filter(isIke).map(({ connection, instance, state }) => {
    const found = connections.find((one) => one.name === connection && one.instance === instance);
    return {
      connection: connection.split('/')[0]!,
      initiatorSPI: '',
      responderSPI: '',
      state: isEstablished(state) ? 'established' : 'connecting',
      ...(found?.remoteIdentity !== undefined && { remoteIdentity: found.remoteIdentity }),
      localAddress: found?.localAddress ?? '',
      remoteAddress: found?.remoteAddress ?? '',
    };
  });
}

/** `connection/child` of the child that has this SPI in either direction; nothing where none has. */
export function childOf(spi: number, { states }: PlutoStatus): { readonly child?: string } {
  const found = states.find(({ spis }) => spis.includes(spi));
  return found ? { child: childName(found) } : {};
}

/** SPIs of the SAs, either way, of the children that stand with their policies. */
export const installedOf = ({ states }: PlutoStatus): readonly number[] =>
  states.filter((state) => !isIke(state) && isEstablished(state.state)).flatMap(({ spis }) => spis);

/** Serial numbers of the children of that name, newest last. */
export const serialsOf = (child: string, { states }: PlutoStatus): readonly number[] =>
  states.filter((state) => !isIke(state) && childName(state) === child).map(({ serial }) => serial);

const childName = ({ connection }: StateStatus): string => connection.split('/').slice(0, 2).join('/');

/** Of an IKE SA, established or on its way; a child is told by the word. */
const isIke = ({ state }: StateStatus): boolean => !/CHILD|IPSEC/.test(state);

const isEstablished = (state: string): boolean => /ESTABLISHED/.test(state);

function connectionOf([, name, instance, local, remote, routing]: RegExpMatchArray): ConnectionStatus {
  const identity = remote!.match(/\[([^\]]*)\]/)?.[1];
  return {
    name: name!,
    instance: instance!,
    localAddress: addressIn(local!.split('===').at(-1)!),
    remoteAddress: addressIn(remote!.split('===')[0]!),
    routing: routing!,
    ...(identity && { remoteIdentity: identity.includes('=') ? turned(identity) : identity.replace(/^@/, '') }),
  };
}

function stateOf([, serial, connection, instance, state]: RegExpMatchArray, lines: readonly string[]): StateStatus {
  const details = lines.filter((line) => line.startsWith(`#${serial}: `));
  const spis = details.flatMap((line) => [...line.matchAll(/\b(?:esp|ah)[.:]([0-9a-f]+)@/g)]);
  return {
    serial: Number(serial),
    connection: connection!,
    instance: instance!,
    state: state!,
    spis: spis.map(([, hex]) => Number.parseInt(hex!, 16)),
  };
}

const addressIn = (text: string): string => text.replace(/[[<].*$/, '');

function matched(lines: readonly string[], pattern: RegExp): RegExpMatchArray[] {
  return lines.map((line) => line.match(pattern)).filter((match) => match !== null);
}

/** `"peer/all"[1]: 10.0.1.0/24===192.0.2.1[@a]...192.0.2.2[@b]===10.0.2.0/24; ...` */
const CONNECTION = /^"([^"]+)"((?:\[\d+\])?)[^:]*: ([^;]*?)\.\.\.([^;]*); ([^;]*);/;

/** `#1: "peer/all"[1] 192.0.2.2:500 STATE_V2_ESTABLISHED_IKE_SA (established IKE SA); ...` */
const STATE = /^#(\d+): "([^"]+)"((?:\[\d+\])?)[^(;]*? ([A-Z][A-Z0-9_]+) \(/;
