/** What follows from recorded secrets is what the machines themselves computed: conversations of two references, whose private values are noted as they are drawn. */
import { expect } from 'chai';
import type { IkeConnection, ProposalConfiguration } from '../../../reference/ikev2/configuration.ts';
import {
  Conversation,
  connection,
  fastEsp,
  fastIke,
  netChild,
  seededEnv,
} from '../../../reference/ikev2/conversation.test-support.ts';
import type { Ikev2Options } from '../../../reference/ikev2/ikev2.ts';
import type { IkeEvent } from '../../../reference/ikev2/interface.ts';
import { keyExchangeMethod } from '../../../reference/transforms/key-exchange.ts';
import type { Address } from '../../../reference/wire/address.ts';
import { ikeMessage } from '../../../reference/wire/ike/message.ts';
import type { IpPacket } from '../../../reference/wire/ip/packet.ts';
import { fromText, hex } from '../../../reference/wire/octets.ts';
import type { RecordedKeyExchange } from '../../capture/keys/secrets-document.ts';
import type { StrangersKey } from '../../capture/keys/strangers-key.ts';
import { openIke } from '../ike-opening.ts';
import { type DerivedKeys, KeyDerivation } from './key-derivation.ts';

type Side = 'initiator' | 'responder';

const cbc: ProposalConfiguration = {
  encryption: [{ id: 12, keyLength: 256 }],
  integrity: [14],
  pseudorandomFunctions: [7],
};
const cbcIke: ProposalConfiguration = { ...cbc, keyExchangeMethods: [31] };
const cbcChild: ProposalConfiguration = { encryption: [{ id: 12, keyLength: 128 }], integrity: [12] };

describe('keys from recorded secrets', () => {
  const suites: readonly [what: string, ike: ProposalConfiguration, esp: ProposalConfiguration][] = [
    ['X25519, AES-GCM', fastIke, fastEsp],
    ['a MODP group, AES-CBC with HMAC', { ...cbc, keyExchangeMethods: [14] }, { ...cbcChild }],
    [
      'an ECP group, and perfect forward secrecy',
      { ...fastIke, keyExchangeMethods: [20] },
      { ...fastEsp, keyExchangeMethods: [19] },
    ],
    ['a PRF whose key is fixed', { ...cbc, pseudorandomFunctions: [4], keyExchangeMethods: [31] }, cbcChild],
    [
      'further exchanges of keys, ML-KEM among them',
      { ...fastIke, additionalKeyExchanges: [[36]] },
      { ...fastEsp, keyExchangeMethods: [31], additionalKeyExchanges: [[36], [19]] },
    ],
    ['extended sequence numbers', fastIke, { ...fastEsp, extendedSequenceNumbers: [true] }],
  ];
  for (const [what, ike, esp] of suites)
    for (const recording of ['initiator', 'responder'] as const)
      it(`are all that there are, from the private values of the ${recording}: ${what}`, () => {
        const { talk, drawn } = conversation(recording, ike, esp);
        const derived = derivedFrom(talk, privateValues(drawn));
        expect(derived.faults).to.deep.equal([]);
        expect(asSaid(derived.keys)).to.deep.equal(told(talk));
        expect(asSaid(derived.keys).filter((key) => key.startsWith('ikev2'))).to.have.lengthOf.at.least(2);
        expect(derived.authentications.map(({ by, verdict }) => `${by} ${verdict}`)).to.deep.equal([
          'initiator good',
          'responder good',
        ]);
      });

  it('come from g^ir too, of which the messages show whose it is', () => {
    const { talk, drawn, drawnByPeer } = conversation('initiator', fastIke, { ...fastEsp, keyExchangeMethods: [31] });
    const { sharedSecret, publicValue } = keyExchangeMethod(31)!;
    const secrets = drawn.map((value, i) => ({
      group: 31,
      sharedSecret: hex(sharedSecret(value, publicValue(drawnByPeer[i]!))!),
    }));
    expect(secrets).to.have.lengthOf(4);
    for (const order of [secrets, [...secrets].reverse()]) {
      const derived = derivedFrom(talk, order);
      expect(derived.faults).to.deep.equal([]);
      for (const key of told(talk)) expect(asSaid(derived.keys)).to.include(key);
      expect(asSaid(derived.keys).filter((key) => key.startsWith('ikev2'))).to.deep.equal(
        told(talk).filter((key) => key.startsWith('ikev2')),
      );
    }
  });

  it('say which shared key is not that of an AUTH', () => {
    const { talk, drawn } = conversation('initiator', fastIke, fastEsp);
    const { authentications } = derivedFrom(talk, privateValues(drawn), ['00']);
    expect(authentications.map(({ verdict }) => verdict)).to.deep.equal(['no-key', 'no-key']);
    expect(derivedFrom(talk, privateValues(drawn), []).authentications).to.deep.equal([]);
  });

  it('say why there are none', () => {
    const { talk } = conversation('initiator', fastIke, fastEsp);
    const faults = (secrets: readonly RecordedKeyExchange[]) => derivedFrom(talk, secrets).faults.join('; ');
    expect(faults([])).to.match(/^IKE [0-9a-f]{16} [0-9a-f]{16}: nothing was recorded of method 31$/);
    expect(faults([{ group: 31, privateValue: '01'.repeat(32) }])).to.match(/no private value of method 31 gives/);
    expect(faults([{ group: 31, sharedSecret: '01'.repeat(32), initiatorSPI: '00'.repeat(8) }])).to.match(/nothing/);
    expect(derivedFrom(talk, [{ group: 31, sharedSecret: '01'.repeat(32) }]).keys.length, 'told, and wrong').to.equal(
      1,
    );
  });

  it('do without what is not there: a lost request, repeated messages, octets of anybody', () => {
    const { talk, drawn } = conversation('initiator', fastIke, fastEsp);
    const secrets = privateValues(drawn);
    const twice = talk.datagrams.flatMap((each) => [each, each]);
    expect(asSaid(derivedFrom({ datagrams: twice }, secrets).keys)).to.deep.equal(told(talk));
    const late = derivedFrom({ datagrams: talk.datagrams.slice(1) }, secrets);
    expect(late.faults.join()).to.match(/the request of IKE_SA_INIT is not in the capture$/);
    expect(late.keys).to.deep.equal([]);
    for (let at = 0; at < 400; at += 7) {
      const damaged = talk.datagrams.map((each) =>
        at < each.octets.length ? { ...each, octets: each.octets.with(at, each.octets[at]! ^ 0x55) } : each,
      );
      derivedFrom({ datagrams: damaged }, secrets);
      derivedFrom(
        { datagrams: talk.datagrams.map((each) => ({ ...each, octets: each.octets.subarray(0, at) })) },
        secrets,
      );
    }
  });

  it('of one direction of an IKE SA open what went that way', () => {
    const { talk, drawn } = conversation('initiator', cbcIke, cbcChild);
    const [whole] = derivedFrom(talk, privateValues(drawn)).keys;
    if (whole?.key.kind !== 'ikev2') throw new Error('no keys of an IKE SA');
    const { SK_er: _er, SK_ar: _ar, ...half } = whole.key;
    const states = talk.datagrams.map(({ octets, from, path: { localAddress, remoteAddress } }) => {
      const ofSa = (SPIi: string) => (SPIi === half.initiatorSPI ? [half] : []);
      const opened = openIke(octets, carrier(localAddress, remoteAddress), { ike: ofSa }, () => undefined);
      return `${from} ${opened?.state}`;
    });
    expect(new Set(states.slice(2, 6))).to.deep.equal(new Set(['initiator opened', 'responder bad-icv']));
  });

  it('come from messages in fragments as well', () => {
    const { talk, drawn } = conversation('responder', fastIke, fastEsp, { fragmentation: { datagramOctets: 200 } });
    const pieces = talk.datagrams.filter(({ octets }) => ikeMessage.decode(octets).value.payloads[0]?.type === 'SKF');
    expect(pieces).to.have.lengthOf.at.least(4);
    expect(asSaid(derivedFrom(talk, privateValues(drawn)).keys)).to.deep.equal(told(talk));
  });
});

/** IKE SA and child made, both rekeyed by either side. */
function conversation(
  recording: Side,
  ike: ProposalConfiguration,
  esp: ProposalConfiguration,
  change: Partial<IkeConnection> = {},
) {
  const drawn: Uint8Array[] = [];
  const drawnByPeer: Uint8Array[] = [];
  const options = (side: Side): Partial<Ikev2Options> => {
    const env = seededEnv(`secrets ${side}`);
    const children = [{ ...netChild[side], proposals: [esp] }];
    return {
      connections: [connection(side, { proposals: [ike], children, ...change })],
      env: {
        octets(purpose, length) {
          const octets = env.octets(purpose, length);
          if (purpose === 'key-share') (side === recording ? drawn : drawnByPeer).push(octets);
          return octets;
        },
      },
    };
  };
  const talk = new Conversation(options('initiator'), options('responder'));
  talk.initiate();
  talk.command('initiator', { kind: 'rekey-child', connection: 'peer', child: 'net' });
  talk.command('responder', { kind: 'rekey-ike', connection: 'peer' });
  talk.command('responder', { kind: 'rekey-child', connection: 'peer', child: 'net' });
  expect(talk.established && talk.childrenAgree()).to.equal(true);
  return { talk, drawn, drawnByPeer };
}

/** As somebody records them who does not say of which group each is: all that it may be. */
function privateValues(drawn: readonly Uint8Array[]): readonly RecordedKeyExchange[] {
  return drawn.flatMap((value) =>
    GROUPS.filter((group) => keyExchangeMethod(group)!.privateOctets === value.length).map((group) => ({
      group,
      privateValue: hex(value),
    })),
  );
}

function derivedFrom(
  { datagrams }: Pick<Conversation, 'datagrams'>,
  keyExchanges: readonly RecordedKeyExchange[],
  sharedKeys: readonly string[] = [hex(fromText('a key that only the two of us know'))],
): DerivedKeys {
  const derivation = new KeyDerivation({ file: 'secrets.json', keyExchanges, sharedKeys });
  const heard = datagrams.map(({ octets, path: { localAddress, remoteAddress } }) =>
    derivation.heard(octets, carrier(localAddress, remoteAddress)),
  );
  return {
    keys: heard.flatMap(({ keys }) => keys),
    authentications: heard.flatMap(({ authentications }) => authentications),
    faults: heard.flatMap(({ faults }) => faults),
  };
}

function carrier(source: Address, destination: Address): IpPacket {
  return { version: 4, source, destination, protocol: 17, payload: new Uint8Array() } as IpPacket;
}

/** What the machines said of their keys, each once. */
function told({ events }: Pick<Conversation, 'events'>): readonly string[] {
  const records = events.flatMap(({ event }) => (isKeys(event) ? [event.record as StrangersKey] : []));
  return asSaid(records.map((key) => ({ key })));
}

const isKeys = (event: IkeEvent): event is Extract<IkeEvent, { kind: 'keys' }> => event.kind === 'keys';

function asSaid(keys: readonly { readonly key: StrangersKey }[]): readonly string[] {
  const texts = keys.map(({ key }) => {
    if (key.kind === 'ikev2') {
      const { initiatorSPI, responderSPI, SK_ei, SK_er, SK_ai, SK_ar } = key;
      return ['ikev2', initiatorSPI, responderSPI, SK_ei, SK_er, SK_ai, SK_ar].join(' ');
    }
    const { kind, source, destination, spi, extendedSequenceNumbers, integrity } = key;
    const ciphers = key.kind === 'esp' ? JSON.stringify(key.encryption) : '';
    return [kind, source, destination, spi, extendedSequenceNumbers, ciphers, JSON.stringify(integrity)].join(' ');
  });
  return [...new Set(texts)].sort();
}

const GROUPS = [14, 19, 20, 31, 36] as const;
