/** For tests: IKE on a bare cable, between a node with a binding and the mobile node that it is of. */

import type { ChildConfiguration } from '../ikev2/configuration.ts';
import { connection, netChild, seededEnv } from '../ikev2/conversation.test-support.ts';
import { Ikev2 } from '../ikev2/ikev2.ts';
import type { IkeEffect } from '../ikev2/interface.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { udpDatagram } from '../wire/udp.ts';
import { type Cable, own6, packetsOf } from './cable.test-support.ts';
import { udpPacket } from './probes.ts';

/** What the node is told of a mobile node with this home address. */
export function connectionWith(homeAddress: string) {
  const child = childBetween(own6, homeAddress, 'responder');
  return connection('responder', { localAddresses: [own6], remoteAddresses: [homeAddress, 'any'], children: [child] });
}

/** The mobile node asks from its care-of address for SAs of its home address, and has them. */
export function negotiated(cable: Cable, homeAddress: string, careOfAddress: string): void {
  const child = childBetween(homeAddress, own6, 'initiator');
  const asked = connection('initiator', {
    localAddresses: [careOfAddress],
    remoteAddresses: [own6],
    children: [child],
  });
  const machine = new Ikev2({ connections: [asked], env: seededEnv('mobile node') });
  const send = (effects: readonly IkeEffect[]): void => {
    for (const effect of effects) {
      if (effect.kind !== 'send') continue;
      const { path, octets: payload } = effect;
      const ports = { sourcePort: path.localPort, destinationPort: path.remotePort };
      const answers = cable.answers(udpPacket(path.localAddress, path.remoteAddress, { ...ports, payload }));
      for (const answer of answers.filter(({ protocol }) => protocol === protocols.UDP)) {
        send(machine.step(0, { kind: 'datagram', path, octets: udpDatagram.decode(answer.payload).value.payload }));
      }
    }
  };
  send(machine.step(0, { kind: 'command', command: { kind: 'initiate', connection: asked.name, child: child.name } }));
}

/** The first message of the node's own IKE, to the first address that it knows of its peer. */
export function firstOfIke(cable: Cable): IpPacket[] {
  const { name: connection } = connectionWith(own6);
  return packetsOf(
    cable.host.step(0, { kind: 'command', command: { kind: 'initiate', connection, child: netChild.responder.name } }),
  );
}

/** For datagrams alone, so that mobility messages may pass in clear. */
function childBetween(local: string, remote: string, side: 'initiator' | 'responder'): ChildConfiguration {
  return {
    ...netChild[side],
    mode: 'transport',
    local: [{ addresses: local, protocol: protocols.UDP }],
    remote: [{ addresses: remote, protocol: protocols.UDP }],
  };
}
