/** Golden transcripts: what two honest machines say to one another, in the notation of RFC 7296 sections 1.2 to 1.4. */
import { expect } from 'chai';
import type { CertificateRecipe } from '../certificates/recipe.ts';
import type { IkeConnection } from './configuration.ts';
import { addresses, Conversation, connection, fastEsp, fastIke, netChild } from './conversation.test-support.ts';

const INIT = [
  'I: HDR, SAi1, KEi, Ni, N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP), N(SIGNATURE_HASH_ALGORITHMS)',
  'R: HDR, SAr1, KEr, Nr, N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP), N(SIGNATURE_HASH_ALGORITHMS)',
];
const AUTH = [
  'I: HDR, SK {IDi, IDr, AUTH, N(INITIAL_CONTACT), SAi2, TSi, TSr}',
  'R: HDR, SK {IDr, AUTH, SAr2, TSi, TSr}',
];
const INIT_AND_AUTH = [...INIT, ...AUTH];

const authority: CertificateRecipe = { subject: 'CN=Authority, O=Touchstone', key: 'ecdsaAuthority', authority: {} };

function certified(side: 'initiator' | 'responder', key: string): IkeConnection {
  const name = `${side}.example`;
  const certificate = { subject: `CN=${name}`, key, issuer: authority, altNames: [{ dNSName: name }] };
  return connection(side, {
    local: {
      identity: { type: 'ID_FQDN', value: name },
      authentication: { kind: 'certificate', chain: [certificate], key },
    },
    remote: { identity: 'any', authentication: 'signature', trustAnchors: [authority] },
  });
}

function bothWith(change: Partial<IkeConnection>): Conversation {
  const [initiator, responder] = [connection('initiator', change), connection('responder', change)];
  return new Conversation({ connections: [initiator] }, { connections: [responder] });
}

/** Both sides with children that differ from `net` in the same way. */
function withChildren(change: Partial<IkeConnection['children'][number]>): Conversation {
  return new Conversation(
    { connections: [connection('initiator', { children: [{ ...netChild.initiator, ...change }] })] },
    { connections: [connection('responder', { children: [{ ...netChild.responder, ...change }] })] },
  );
}

describe('IKEv2: two machines', () => {
  it('bring up an IKE SA and a child with a shared key', () => {
    const talk = new Conversation().initiate();
    expect(talk.transcript).to.deep.equal(INIT_AND_AUTH);
    expect(talk.established).to.equal(true);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('give the same octets for the same seed, and others for another', () => {
    const octets = (seed: string) =>
      new Conversation({}, {}, seed).initiate().datagrams.map((one) => one.octets.join());
    expect(octets('one')).to.deep.equal(octets('one'));
    expect(octets('one')).not.to.deep.equal(octets('two'));
  });

  for (const key of ['rsaOne', 'p256One', 'p384One', 'p521One', 'ed25519One']) {
    it(`authenticate by signatures of ${key}`, () => {
      const talk = new Conversation(
        { connections: [certified('initiator', key)] },
        { connections: [certified('responder', key)] },
      ).initiate();
      expect(talk.transcript.slice(2)).to.deep.equal([
        'I: HDR, SK {IDi, CERT, CERTREQ, AUTH, N(INITIAL_CONTACT), SAi2, TSi, TSr}',
        'R: HDR, SK {IDr, CERT, AUTH, SAr2, TSi, TSr}',
      ]);
      expect(talk.childrenAgree()).to.equal(true);
    });
  }

  for (const key of ['rsaOne', 'p256One', 'p384One', 'p521One']) {
    it(`authenticate by ${key} with the older method, where no hashes are announced`, () => {
      const settings = { signatureHashAlgorithms: [] };
      const talk = new Conversation(
        { connections: [certified('initiator', key)], settings },
        { connections: [certified('responder', key)], settings },
      ).initiate();
      expect(talk.established).to.equal(true);
    });
  }

  it('agree with AES-CBC and HMAC on the MODP and ECP groups', () => {
    for (const group of [14, 19, 20]) {
      const proposal = { encryption: [{ id: 12, keyLength: 256 }], integrity: [12], pseudorandomFunctions: [5] };
      const talk = bothWith({ proposals: [{ ...proposal, keyExchangeMethods: [group] }] }).initiate();
      expect(talk.childrenAgree(), `group ${group}`).to.equal(true);
    }
  });

  it('ask for a cookie when too many are half-open, and go on with it', () => {
    const talk = new Conversation({}, { settings: { halfOpenThreshold: -1 } }).initiate();
    expect(talk.transcript).to.deep.equal([
      INIT[0],
      'R: HDR, N(COOKIE)',
      `I: ${INIT[0]!.replace('I: HDR,', 'HDR, N(COOKIE),')}`,
      INIT[1],
      ...AUTH,
    ]);
  });

  it('try the group that INVALID_KE_PAYLOAD names, with the cookie still there', () => {
    const asks = connection('initiator', { proposals: [{ ...fastIke, keyExchangeMethods: [19, 31] }] });
    const settings = { halfOpenThreshold: -1 };
    const talk = new Conversation({ connections: [asks] }, { settings }).initiate();
    expect(talk.transcript.slice(1, 5).map((line) => line.slice(0, 34))).to.deep.equal([
      'R: HDR, N(COOKIE)',
      'I: HDR, N(COOKIE), SAi1, KEi, Ni, ',
      'R: HDR, N(INVALID_KE_PAYLOAD)',
      'I: HDR, N(COOKIE), SAi1, KEi, Ni, ',
    ]);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('move to port 4500 when one of them says that a NAT is in between', () => {
    const talk = new Conversation({ settings: { forceEncapsulation: true } }).initiate();
    expect(talk.datagrams.map(({ path }) => `${path.localPort} ${path.remotePort}`)).to.deep.equal([
      '500 500',
      '500 500',
      '4500 4500',
      '4500 4500',
    ]);
    const encapsulated = [...talk.installed.responder.values()].map((sa) => sa.protocol === 'ESP' && sa.encapsulation);
    expect(encapsulated).to.deep.equal(Array(2).fill({ sourcePort: 4500, destinationPort: 4500 }));
  });

  it('bring up a further child on the same IKE SA', () => {
    const talk = new Conversation().initiate().initiate();
    expect(talk.transcript.slice(4)).to.deep.equal(['I: HDR, SK {SA, Ni, TSi, TSr}', 'R: HDR, SK {SA, Nr, TSi, TSr}']);
    expect(talk.childrenAgree()).to.equal(true);
    expect(talk.installed.initiator.size).to.equal(4);
  });

  it('rekey a child, then delete the old one', () => {
    const talk = new Conversation().initiate();
    talk.command('responder', { kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(talk.transcript.slice(4)).to.deep.equal([
      'R: HDR, SK {N(REKEY_SA), SA, Ni, TSi, TSr}',
      'I: HDR, SK {SA, Nr, TSi, TSr}',
      'R: HDR, SK {D}',
      'I: HDR, SK {D}',
    ]);
    expect(talk.childrenAgree()).to.equal(true);
    expect(talk.installed.initiator.size).to.equal(2);
  });

  it('rekey a child with perfect forward secrecy', () => {
    const talk = withChildren({ proposals: [{ ...fastEsp, keyExchangeMethods: [31] }] }).initiate();
    talk.command('initiator', { kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(talk.transcript.slice(4, 6)).to.deep.equal([
      'I: HDR, SK {N(REKEY_SA), SA, Ni, KEi, TSi, TSr}',
      'R: HDR, SK {SA, Nr, KEr, TSi, TSr}',
    ]);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('find a common group for perfect forward secrecy', () => {
    const child = (side: 'initiator' | 'responder', groups: number[]) =>
      connection(side, { children: [{ ...netChild[side], proposals: [{ ...fastEsp, keyExchangeMethods: groups }] }] });
    const talk = new Conversation(
      { connections: [child('initiator', [19, 31])] },
      { connections: [child('responder', [31])] },
    ).initiate();
    talk.command('initiator', { kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(talk.transcript[5]).to.equal('R: HDR, SK {N(INVALID_KE_PAYLOAD)}');
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('rekey the IKE SA; children live on and can be rekeyed there', () => {
    const talk = new Conversation().initiate();
    talk.command('responder', { kind: 'rekey-ike', connection: 'peer' });
    expect(talk.transcript.slice(4)).to.deep.equal([
      'R: HDR, SK {SA, Ni, KEi}',
      'I: HDR, SK {SA, Nr, KEr}',
      'R: HDR, SK {D}',
      'I: HDR, SK {}',
    ]);
    talk.command('initiator', { kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(talk.childrenAgree()).to.equal(true);
    expect(talk.machines.initiator.summaries()).to.have.length(1);
    expect(talk.machines.responder.summaries()).to.have.length(1);
  });

  it('are left with one child when both rekey it at once', () => {
    const talk = new Conversation().initiate();
    const rekey = { kind: 'rekey-child', connection: 'peer', child: 'net' } as const;
    talk.commands(rekey, rekey);
    expect(talk.installed.initiator.size).to.equal(2);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('are left with one IKE SA, and its child, when both rekey it at once', () => {
    const talk = new Conversation().initiate();
    const rekey = { kind: 'rekey-ike', connection: 'peer' } as const;
    talk.commands(rekey, rekey);
    const left = (side: 'initiator' | 'responder') => talk.machines[side].summaries();
    expect(left('initiator').map(({ initiatorSPI }) => initiatorSPI)).to.have.length(1);
    expect(left('responder').map(({ initiatorSPI }) => initiatorSPI)).to.deep.equal(
      left('initiator').map(({ initiatorSPI }) => initiatorSPI),
    );
    talk.command('initiator', rekeyNet);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('close a child, see that the other lives, and close the IKE SA', () => {
    const talk = new Conversation().initiate();
    talk.command('initiator', { kind: 'close-child', connection: 'peer', child: 'net' });
    talk.command('responder', { kind: 'liveness', connection: 'peer' });
    talk.command('initiator', { kind: 'close', connection: 'peer' });
    expect(talk.transcript.slice(4)).to.deep.equal([
      'I: HDR, SK {D}',
      'R: HDR, SK {D}',
      'R: HDR, SK {}',
      'I: HDR, SK {}',
      'I: HDR, SK {D}',
      'R: HDR, SK {}',
    ]);
    expect(talk.installed.responder.size).to.equal(0);
    expect(talk.ikeEvents('responder')).to.deep.equal(['established', 'closed']);
  });

  it('delete the same child at once without naming it twice', () => {
    const talk = new Conversation().initiate();
    const close = { kind: 'close-child', connection: 'peer', child: 'net' } as const;
    talk.commands(close, close);
    expect(talk.transcript.slice(6).sort()).to.deep.equal(['I: HDR, SK {}', 'R: HDR, SK {}']);
    expect(talk.installed.initiator.size + talk.installed.responder.size).to.equal(0);
  });

  it('use transport mode where both want it', () => {
    const between = (side: 'initiator' | 'responder') =>
      connection(side, {
        children: [
          {
            ...netChild[side],
            mode: 'transport',
            local: [{ addresses: addresses[side] }],
            remote: [{ addresses: addresses[side === 'initiator' ? 'responder' : 'initiator'] }],
          },
        ],
      });
    const talk = new Conversation(
      { connections: [between('initiator')] },
      { connections: [between('responder')] },
    ).initiate();
    expect(talk.transcript[3]).to.equal('R: HDR, SK {IDr, AUTH, N(USE_TRANSPORT_MODE), SAr2, TSi, TSr}');
    expect([...talk.installed.initiator.values()].map(({ mode }) => mode)).to.deep.equal(['transport', 'transport']);
  });

  it('narrow to what both permit', () => {
    const wide = connection('initiator', {
      children: [
        { ...netChild.initiator, local: [{ addresses: '10.2.0.0/16' }], remote: [{ addresses: '0.0.0.0/0' }] },
      ],
    });
    const talk = new Conversation({ connections: [wide] }).initiate();
    const [inbound] = [...talk.installed.initiator.values()];
    expect(inbound?.local.map(({ startAddress, endAddress }) => [startAddress, endAddress])).to.deep.equal([
      ['10.2.0.0', '10.2.0.255'],
    ]);
    expect(inbound?.remote[0]).to.include({ startAddress: '10.1.0.0', endAddress: '10.1.0.255' });
  });

  it('put the packet that asked for the SA first', () => {
    const packet = { source: '10.2.0.7', destination: '10.1.0.9', protocol: 17, sourcePort: 9, destinationPort: 7 };
    const talk = new Conversation().input('initiator', { kind: 'acquire', connection: 'peer', child: 'net', packet });
    expect(talk.childrenAgree()).to.equal(true);
    expect([...talk.installed.responder.values()][0]?.remote[0]).to.include({ startAddress: '10.2.0.0' });
  });

  it('keep the IKE SA when the child is refused', () => {
    const elsewhere = { ...netChild.initiator, local: [{ addresses: '10.9.0.0/24' }] };
    const talk = new Conversation({ connections: [connection('initiator', { children: [elsewhere] })] }).initiate();
    expect(talk.transcript[3]).to.equal('R: HDR, SK {IDr, AUTH, N(TS_UNACCEPTABLE)}');
    expect(talk.established).to.equal(true);
    expect(talk.childEvents('initiator')).to.deep.equal(['net refused']);
  });

  it('tell the peer of a child whose lifetime is over', () => {
    const talk = new Conversation().initiate();
    const [sa] = [...talk.installed.initiator.values()];
    talk.input('initiator', { kind: 'expired', spi: sa!.spi });
    expect(talk.installed.responder.size).to.equal(0);
  });

  it('go on from another address of the initiator', () => {
    const talk = new Conversation().initiate();
    talk.input('initiator', { kind: 'address-changed', from: addresses.initiator, to: '198.51.100.2' });
    talk.command('initiator', { kind: 'liveness', connection: 'peer' });
    expect(talk.datagrams.slice(-2).map(({ path }) => path.localAddress)).to.deep.equal(['198.51.100.2', '192.0.2.1']);
    expect(talk.datagrams.at(-1)?.path.remoteAddress).to.equal('198.51.100.2');
  });
});

const rekeyNet = { kind: 'rekey-child', connection: 'peer', child: 'net' } as const;
