/** Postquantum preshared keys (RFC 8784 section 3): the same on both sides, of another name, or on one side only; to the node under test optional or mandatory. */
import { saying } from '../../harness/vocabulary/ike-intent.ts';
import { ppkMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import {
  aloneControls,
  conversesAlone,
  impersonation,
  type Role,
  refusedAlone,
  roles,
} from '../identity/impersonation.ts';
import { RFC8784 } from '../requirements/documents.ts';

const ours = { identity: 'ours', key: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' };
const others = { identity: 'others', key: 'ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100' };

type Outcome = 'with-ppk' | 'without-ppk' | 'refused';

export const postquantumKeys = scenario({
  name: 'postquantum-keys',
  title: 'Peers have postquantum preshared keys, or one of them has',
  dimensions: { key: ['same', 'other-name', 'node-only'], node: ['optional', 'mandatory'], role: roles },
  // An initiator that cannot do without one says no NO_PPK_AUTH, and its peer refuses it.
  where: ({ key, node, role }) => !(key === 'other-name' && node === 'mandatory' && role === 'initiator'),
  given: ({ key, node }) =>
    saying(impersonation({ claim: {} }), {
      nut: { ppk: { ...ours, mandatory: node === 'mandatory' } },
      tn: key === 'node-only' ? {} : { ppk: key === 'same' ? ours : others },
    }),
  play: (stage, { role }) => conversesAlone(stage, role as Role, 'claim', { face: 'claim' }),
  questions: {
    'RFC8784-3': question('Is a postquantum key used where both have it, and missed where it must not be?', {
      outcomes: ['with-ppk', 'without-ppk', 'refused'],
      controls: aloneControls,
      judge(t, { role }) {
        const established = t.established('claim', 'claim echo');
        const by = role === 'responder' ? 'nut' : 'tn';
        const isUsed = t.ike.heard(`${AGREES}, N(PPK_IDENTITY)}`, { by, response: true });
        const refused = refusedAlone(t, 'claim');
        return established ? established.as(isUsed ? 'with-ppk' : 'without-ppk') : refused?.as('refused');
      },
      plays: ({ role }) => role as Role,
      reads: ({ key, node, role }) => [
        key === 'other-name' && node === 'optional' && role === 'responder'
          ? reads(RFC8784, '3', 'MAY', 'responder', {
              'without-ppk': pass,
              'with-ppk': observed('a key of another name is used'),
              refused: observed('who names a key that nobody has is refused'),
            })
          : reads(RFC8784, '3', 'MUST', role as Role, {
              'with-ppk': fail,
              'without-ppk': fail,
              refused: fail,
              [wanted(key, node)]: pass,
            }),
      ],
      lawful: ({ key, node }) => wanted(key, node),
      turnedBy: ({ key, node, role }): readonly Turn<Outcome>[] => {
        if (key === 'same') return [[ppkMutants.leavesPpkOut, 'refused']];
        if (key === 'node-only')
          return node === 'mandatory'
            ? [[ppkMutants.doesWithoutPpk, 'without-ppk']]
            : [[ppkMutants.insistsOnPpk, 'refused']];
        if (node === 'mandatory') return [[ppkMutants.takesNoPpkAuthAlways, 'without-ppk']];
        return role === 'responder'
          ? [[ppkMutants.knowsNoNoPpkAuth, 'refused']]
          : [[ppkMutants.saysNoNoPpkAuth, 'refused']];
      },
    }),
  },
});

function wanted(key: string, node: string): Outcome {
  if (key === 'same') return 'with-ppk';
  return node === 'mandatory' ? 'refused' : 'without-ppk';
}

const AGREES = 'HDR, SK {IDr, [CERT+,] AUTH, SA, TSi, TSr';
