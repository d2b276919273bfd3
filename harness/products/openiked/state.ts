/** What `ikectl show sa` says of IKE SAs, in the words of `NodeState`. It does not say by which policy one came about. */
import type { NodeState } from '../../lab/node.ts';
import { turned } from '../distinguished-name.ts';
import type { KernelSa } from './key-manager.ts';

type IkeSa = NodeState['ikeSas'][number];

/** One for each line of an IKE SA; of what cannot be read there is nothing. `connections` are those that it may be of: its own where there is one. */
export function ikeSasOf(text: string, connections: readonly string[]): IkeSa[] {
  const connection = connections.length === 1 ? connections[0]! : '';
  return [...text.matchAll(IKE_SA)].map(([, responderSPI, initiatorSPI, local, remote, identity, state]) => ({
    connection,
    initiatorSPI: initiatorSPI!.slice(2),
    responderSPI: responderSPI!.slice(2),
    state: states[state!] ?? 'connecting',
    ...(identity! !== '' && { remoteIdentity: identityIn(identity!) }),
    localAddress: addressIn(local!),
    remoteAddress: addressIn(remote!),
  }));
}

/** Of the peers, as `ikectl reset id` takes them: `FQDN/tn.example`. */
export const peerIdentities = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(IKE_SA)].map(([, , , , , identity]) => identity!).filter(Boolean)),
];

/** The SAs of the children that it has installed and not yet replaced, the newest last. */
export const outboundSas = (text: string): readonly KernelSa[] =>
  [...text.matchAll(CHILD_SA)].map(([, protocol, spi, remote]) => ({
    encapsulation: protocol === 'AH' ? 'ah' : 'esp',
    spi: Number(spi),
    destination: addressIn(remote!),
  }));

/** SPIs of the inbound SAs of children that it has handed to the kernel, which it does with their flows; one that was replaced is there until it is deleted. */
export const inboundSpis = (text: string): readonly number[] =>
  [...text.matchAll(INBOUND_SA)].map(([, spi]) => Number(spi));

/** A DN has its slash, too, and stands the other way round. */
function identityIn(text: string): string {
  const value = text.slice(text.indexOf('/') + 1);
  return value.startsWith('/') ? turned(value.slice(1).split('/').join(', ')) : value;
}

const addressIn = (text: string): string => /^\[?(.*?)\]?(?::\d+)?$/.exec(text)![1]!;

/** `iked_sas: 0x… rspi 0x… ispi 0x… 192.0.2.1:500->192.0.2.2:500<FQDN/b.example>[] ESTABLISHED i nexti …` */
const IKE_SA = /^iked_sas: \S+ rspi (\S+) ispi (\S+) (\S+)->([^<\s]+)<(.*?)>\[[^\]]*\] (\S+) /gm;

/** `  sa_childsas: 0x… ESP 0x12345678 out 192.0.2.1:500 -> 192.0.2.2:500 (L) B=…` */
const CHILD_SA = /^ +sa_childsas: \S+ (ESP|AH) (0x[0-9a-f]+) out \S+ -> (\S+) \([^)R]*L[^)R]*\)/gm;

/** As above, `in`; `L` is said of what is loaded. */
const INBOUND_SA = /^ +sa_childsas: \S+ (?:ESP|AH) (0x[0-9a-f]+) in .* \([^)]*L[^)]*\)/gm;

const states: Readonly<Record<string, IkeSa['state']>> = {
  ESTABLISHED: 'established',
  CLOSING: 'deleting',
  CLOSED: 'deleting',
};
