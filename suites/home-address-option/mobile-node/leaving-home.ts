/**
 * A mobile node leaves its home (RFC 6275 11.5, 11.7.1): nobody tells it, it notices another link by what the router there says, and registers from an address
 * of that link. What the update looks like, and whether everything in it is authenticated (DUPONT 2.5, recommendation E2), is read from the one that it sends.
 */
import { type Account, type Finding, type FoundMobility, post, pre } from '../../../harness/vocabulary/judging.ts';
import { homeAgentPair, mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4862, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { isRegistered, registersFrom, updateAt } from './acts.ts';

const UPDATE = 'update from foreign-1';

export const leavingHome = scenario({
  name: 'leaving-home',
  title: 'A mobile node leaves its home',
  cast: mobileCast,
  dimensions: { signalling: ['in-clear', 'under-esp'] },
  given: ({ signalling }) => moving({ pairs: signalling === 'under-esp' ? [homeAgentPair()] : [] }),
  async play(stage) {
    await stage.cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1');
  },
  questions: {
    'RFC6275-11.5.3': question('Is the care-of address one of the new link, and tested before it is used?', {
      outcomes: ['tested first', 'untested', 'of no link'],
      controls,
      judge: (t) => {
        const update = updateAt(t, UPDATE);
        if (!update) return undefined;
        const { found } = update;
        if (!found.source.startsWith(LINK))
          return t.mobility.shown(found, `registers from ${found.source}`)?.as('of no link');
        const test = t.neighbors.tested(found.source, { after: 'moves to foreign-1', before: UPDATE });
        const tested = test ?? t.neighbors.tested(found.source, { after: 'moves to foreign-1' });
        const isFirst = tested && tested.found.frame.entry.place < found.found.frame.entry.place;
        return isFirst
          ? t.neighbors.shown(tested, `asks from nobody for ${found.source}`)?.as('tested first')
          : t.mobility.shown(found, `registers ${found.source}, which nobody was asked for`)?.as('untested');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.5.3', 'SHOULD', 'sender', { 'tested first': pass, untested: fail, 'of no link': fail }),
        reads(RFC4862, '5.4', 'MUST', 'implementation', {
          'tested first': pass,
          untested: fail,
          'of no link': observed('no new address'),
        }),
      ],
      lawful: 'tested first',
      turnedBy: [[mobileNodeMutants.registersUntestedAddress, 'untested']],
      alsoKnownAs: ['MN-3-2-1-1-001', 'MN-0-0-0-1-001', 'MN-3-1-1-1-009'],
    }),
    'RFC6275-11.7.1': question('Does the update ask to be acknowledged by the home agent, for the home address?', {
      outcomes: ['as written', 'without A', 'without H', 'without home address option'],
      controls,
      judge: (t) => {
        const update = updateAt(t, UPDATE);
        if (!update) return undefined;
        const { found, message } = update;
        const says = (what: string): Finding | undefined => t.mobility.shown(found, what);
        if (found.homeAddress !== mobileIpv6.homeAddress) {
          return says('the home address is in no option')?.as('without home address option');
        }
        if (!message.acknowledge) return says('A is clear')?.as('without A');
        if (!message.homeRegistration) return says('H is clear')?.as('without H');
        return says('A and H are set, the home address is in an option')?.as('as written');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.1', 'MUST', 'sender', {
          'as written': pass,
          'without A': fail,
          'without H': fail,
          'without home address option': fail,
        }),
      ],
      lawful: 'as written',
      turnedBy: [
        [mobileNodeMutants.asksForNoAcknowledgement, 'without A'],
        [mobileNodeMutants.registersAsCorrespondent, 'without H'],
      ],
      alsoKnownAs: ['MN-2-1-1-1-001'],
    }),
    'DUPONT-E2': question('Is the care-of address inside what the SA authenticates?', {
      outcomes: ['inside', 'in the header alone', 'another'],
      controls,
      judge: (t) => {
        const update = updateAt(t, UPDATE);
        if (!update) return undefined;
        const { found } = update;
        const named = alternateIn(found);
        if (named === undefined)
          return t.mobility.shown(found, 'no Alternate Care-of Address')?.as('in the header alone');
        const says = `Alternate Care-of Address ${named}, from ${found.source}`;
        return t.mobility.shown(found, says)?.as(named === found.source ? 'inside' : 'another');
      },
      plays: 'sender',
      reads: ({ signalling }) => [
        reads(
          DUPONT,
          '2.5 E2',
          signalling === 'under-esp' ? 'MUST' : 'obs',
          'sender',
          inside(signalling === 'under-esp'),
        ),
        reads(
          RFC4877,
          '4.3',
          signalling === 'under-esp' ? 'MUST' : 'obs',
          'sender',
          inside(signalling === 'under-esp'),
        ),
        reads(RFC6275, '11.7.1', 'MUST', 'sender', inside(true)),
      ],
      lawful: 'inside',
      turnedBy: [[mobileNodeMutants.namesNoCareOfAddress, 'in the header alone']],
    }),
    'RFC6275-11.7.1-K': question('Is K clear, as the SAs are keyed by hand?', {
      outcomes: ['clear', 'set'],
      controls,
      judge: (t) => flag(t, 'keyManagementMobilityCapability', 'K'),
      plays: 'sender',
      reads: [reads(RFC6275, '11.7.1', 'MUST', 'sender', { clear: pass, set: fail })],
      lawful: 'clear',
      turnedBy: [[mobileNodeMutants.claimsMovingKeys, 'set']],
      alsoKnownAs: ['MN-2-1-1-1-004'],
    }),
    'RFC6275-11.7.1-L': question('Is L clear, as the link-local address has another interface identifier?', {
      outcomes: ['clear', 'set'],
      controls,
      judge: (t) => flag(t, 'linkLocalAddressCompatibility', 'L'),
      plays: 'sender',
      reads: [reads(RFC6275, '11.7.1', 'SHOULD', 'sender', { clear: pass, set: fail })],
      lawful: 'clear',
      turnedBy: [[mobileNodeMutants.claimsLinkLocalAddress, 'set']],
    }),
    'RFC6275-11.7.1-IPSEC': question('Is the update under the SA of the home address?', {
      outcomes: ['protected', 'in clear'],
      controls: (t) => [pre('the node is at home', t.answered('at home'))],
      judge: (t) => {
        const update = updateAt(t, UPDATE);
        if (!update) return undefined;
        const { found } = update;
        const says = found.isProtected ? 'under ESP' : 'in clear';
        return t.mobility.shown(found, says)?.as(found.isProtected ? 'protected' : 'in clear');
      },
      plays: 'sender',
      asks: ({ signalling }) => signalling === 'under-esp',
      reads: [
        reads(RFC6275, '5.1', 'MUST', 'sender', { protected: pass, 'in clear': fail }),
        reads(RFC4877, '4.2', 'MUST', 'sender', { protected: pass, 'in clear': fail }),
      ],
      lawful: 'protected',
      turnedBy: [[mobilityMutants.policyByCareOfAddress, 'in clear']],
      alsoKnownAs: ['MN-1-1-2-1-001'],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the node is at home', t.answered('at home')),
    post('it speaks from the foreign link', t.mobility.heardWas(UPDATE)),
    post('it heard the acknowledgement', registered(t)),
  ];
}

/** As the node itself reports it. */
function registered(t: Account): Finding | undefined {
  return t.reported('registered from foreign-1', 'bindingUpdates', 'its home agent knows where it is', isRegistered);
}

function flag(t: Account, name: 'keyManagementMobilityCapability' | 'linkLocalAddressCompatibility', letter: string) {
  const update = updateAt(t, UPDATE);
  const isSet = update?.message[name] === true;
  return (
    update && t.mobility.shown(update.found, `${letter} is ${isSet ? 'set' : 'clear'}`)?.as(isSet ? 'set' : 'clear')
  );
}

/** As the option says it. */
function alternateIn({ message }: FoundMobility): string | undefined {
  if (message.kind !== 'bindingUpdate') return undefined;
  return message.options.find((option) => option.type === 'alternateCareOfAddress')?.alternateCareOfAddress;
}

const inside = (asked: boolean) =>
  asked
    ? { inside: pass, 'in the header alone': fail, another: fail }
    : {
        inside: observed('it is there without ESP, too'),
        'in the header alone': observed('no ESP, no option'),
        another: observed('another'),
      };

const LINK = '2001:db8:2:';
