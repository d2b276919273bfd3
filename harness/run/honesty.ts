/**
 * The honesty probes of a campaign, played at its site before anything is believed: the node's own (`products/honesty.ts`) and a
 * conversation with a wrong credential, which must come to nothing: a certificate of an authority nobody trusts, or a wrong key where there is no IKE.
 */
import { Account } from '../judge/account.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { hostToHost } from '../lab/topologies.ts';
import { type HonestyProbe, honestyProbes, type QuestionedNode } from '../products/honesty.ts';
import { certificateOf, foreignAuthority, signedWith } from '../vocabulary/credentials.ts';
import { negotiated, tnName } from '../vocabulary/ike-intent.ts';
import { keyedHosts } from '../vocabulary/keying.ts';
import { transportPair } from '../vocabulary/pairs.ts';
import { type Scenario, scenario } from '../vocabulary/scenario.ts';
import { execute } from './execution.ts';
import { runOf } from './plan.ts';
import type { Site } from './site.ts';

export async function honestyOf(
  site: Site,
  facts: Pick<NodeUnderTest, 'unsupported'>,
  seed: string,
  signal?: AbortSignal,
): Promise<readonly HonestyProbe[]> {
  const own = await ownProbes(site, signal);
  const { established, says } = await playWrongCredential(site, facts, seed, signal);
  return [...own, { name: 'wrong-credential', held: !established, says }];
}

async function ownProbes(site: Site, signal?: AbortSignal): Promise<readonly HonestyProbe[]> {
  const intent = { parties: { nut: hostToHost.nut }, ends: {} };
  const open = await site.open({ cast: { nut: 'tested' }, intent, companions: {} }, 0, signal);
  try {
    const { nut } = open.nodes;
    return nut && isQuestioned(nut) ? await honestyProbes({ node: nut, empty: hostToHost.nut }) : [];
  } finally {
    open.close();
  }
}

/** The reference has no channel that could be asked nonsense: its commands are typed. */
function isQuestioned(node: NodeUnderTest): node is QuestionedNode {
  return 'askedNonsense' in node;
}

async function playWrongCredential(
  site: Site,
  facts: Pick<NodeUnderTest, 'unsupported'>,
  seed: string,
  signal?: AbortSignal,
): Promise<{ established: boolean; says: string }> {
  const chosen = [wrongCertificate('transport'), wrongCertificate('tunnel'), wrongKey, wrongKeyToCorrespondent].find(
    ({ given }) => facts.unsupported(given({}).parties.nut!) === undefined,
  );
  if (!chosen) return { established: true, says: 'neither IKE nor manual keys are supported: nothing can be probed' };
  const { transcript } = await execute(runOf('honesty', chosen, {}), site, seed, signal);
  const account = new Account(transcript);
  const established = account.answered('echo') !== undefined;
  const refusal = account.ike.refused('establish', 'nut');
  return { established, says: established ? 'an echo came back through the SA' : (refusal?.says ?? 'no answer') };
}

function wrongCertificate(mode: 'transport' | 'tunnel'): Scenario {
  return scenario({
    name: 'wrong-certificate',
    title: 'A certificate of an authority nobody trusts',
    dimensions: {},
    given: () =>
      negotiated({
        mode,
        tn: {
          credential: signedWith(
            certificateOf({ commonName: tnName, altNames: [{ dNSName: tnName }], issuer: foreignAuthority }),
          ),
        },
      }),
    play: async ({ tn }) => {
      await tn.initiates('establish');
      await tn.echo('echo', { unlessRefused: 'establish' });
    },
    questions: {},
  });
}

const wrongKey = wrongKeyAt('wrong-key', () => keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4')]));

/** For who supports nothing but nodes of Mobile IPv6. */
const wrongKeyToCorrespondent = wrongKeyAt('wrong-key-to-correspondent', () => {
  const keyed = keyedHosts('manual', 'ipv6', [transportPair('pair', 'ipv6')]);
  const { nut, ...others } = keyed.parties;
  return { ...keyed, parties: { nut: { ...nut!, mobility: { correspondentNode: {} } }, ...others } };
});

function wrongKeyAt(name: string, given: Scenario['given']): Scenario {
  return scenario({
    name,
    title: 'ESP under another integrity key',
    dimensions: {},
    given,
    play: async ({ tn }) => {
      await tn.esp('echo', { integrityKey: 'ff'.repeat(32), awaited: false });
      await tn.esp('settled', {});
    },
    questions: {},
  });
}
