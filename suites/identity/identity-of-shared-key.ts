/**
 * A shared key belongs to an identity (DUPONT G, "for instance"; RFC 4301 4.4.3.2): its owner's name and somebody else's, with the owner's key. With
 * a key that belongs to everybody, everybody is who he says he is.
 */
import { addressIdentity, fqdn, hexOf, sharedKey } from '../../harness/vocabulary/credentials.ts';
import { honestNut } from '../../harness/vocabulary/ike-intent.ts';
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { BELLOVIN, DUPONT, RFC4301, RFC7296 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

const [owner, other] = [fqdn('x.example'), fqdn('y.example')];
const secret = 'the key of x and no other';
/** An initiator proves itself before it knows who answers, and so with a key of its own. */
const ownSecret = 'the key of the node under test';
const ownKey = { identity: honestNut.identity, key: hexOf(ownSecret) };

/** Whose keys the node under test has. */
const keys = {
  'name-without-key': [{ identity: owner, key: hexOf(secret) }],
  'name-with-own-key': [
    { identity: owner, key: hexOf(secret) },
    { identity: other, key: hexOf('the key of y and no other') },
  ],
  'group-key': [{ identity: 'any', key: hexOf(secret) }],
} as const;

type Keys = keyof typeof keys;
const isGroup = (claim: string): boolean => claim === 'group-key';

export const identityOfSharedKey = scenario({
  name: 'identity-of-shared-key',
  title: 'The identity is not the one that the shared key belongs to',
  dimensions: { claim: Object.keys(keys) as Keys[], role: roles },
  given: ({ claim, role }) => {
    const isOwn = role === 'initiator' && !isGroup(claim);
    const secretOfNut = isOwn ? ownSecret : secret;
    const sharedKeys = isOwn ? [...keys[claim], ownKey] : keys[claim];
    return impersonation({
      nut: {
        credential: sharedKey(secretOfNut),
        expects: { identity: 'any', authentication: 'shared-key', trustAnchors: [], sharedKeys },
      },
      tn: {
        identity: isGroup(claim) ? addressIdentity(places.home.ipv4) : owner,
        credential: sharedKey(secret),
        expects: {
          identity: 'any',
          authentication: 'shared-key',
          trustAnchors: [],
          sharedKeys: [{ identity: 'any', key: hexOf(secretOfNut) }],
        },
      },
      claim: { identity: other },
    });
  },
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-G3': question('Is an identity accepted with the shared key of another?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ claim }) =>
        isGroup(claim)
          ? [
              reads(DUPONT, '3.1 G', 'obs', 'receiver', {
                refused: observed('a group key is nobody’s'),
                established: observed('whoever holds a group key is whom he claims to be'),
              }),
              reads(RFC4301, '4.4.3.2', 'MAY', 'receiver', { refused: pass, established: pass }),
              reads(RFC7296, '1.2', 'MAY', 'implementation', { refused: pass, established: pass }),
            ]
          : [
              reads(DUPONT, '3.1 G', 'MUST', 'receiver', { refused: pass, established: fail }),
              reads(RFC4301, '4.4.3.2', 'MUST', 'receiver', { refused: pass, established: fail }),
              reads(RFC7296, '1.2', 'MUST', 'implementation', { refused: pass, established: fail }),
            ],
      lawful: ({ claim }) => (isGroup(claim) ? 'established' : 'refused'),
      turnedBy: ({ claim }) => {
        if (isGroup(claim)) return [[identityMutants.findsKeysByAddress, 'refused']];
        return [
          [identityMutants.takesAnySharedKey, 'established'],
          ...(claim === 'name-with-own-key' ? [[identityMutants.verifiesNoSignature, 'established'] as const] : []),
        ];
      },
    }),
    'BELLOVIN-3.3c': question('Can one of many that have a shared key pass for another?', {
      asks: ({ claim }) => claim !== 'name-without-key',
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ claim }) => [
        reads(BELLOVIN, '3.3', 'obs', 'receiver', {
          refused: observed('one does not pass for another'),
          established: observed('one passes for another'),
        }),
        isGroup(claim!)
          ? reads(RFC7296, '2.15', 'obs', 'implementation', {
              refused: observed('a key of many is taken from none of them'),
              established: observed('a key of many proves that it is one of them'),
            })
          : reads(RFC4301, '4.4.3.2', 'MUST', 'receiver', { refused: pass, established: fail }),
      ],
      lawful: ({ claim }) => (isGroup(claim!) ? 'established' : 'refused'),
      turnedBy: ({ claim }) =>
        isGroup(claim!)
          ? [[identityMutants.findsKeysByAddress, 'refused']]
          : [[identityMutants.takesAnySharedKey, 'established']],
    }),
  },
});
