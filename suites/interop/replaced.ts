/** Which SAs the two hold after something has happened, compared with what they held before: replaced, kept, or made anew. Nothing of it needs a key. */
import { type Account, both, type Control, cause, type Finding } from '../../harness/vocabulary/judging.ts';
import { again } from './continuing.ts';
import { heldBy, inUse, tellsIkeSpis, type Until } from './holdings.ts';

/** No SA of a child that either held before is there. */
export function childrenReplaced(t: Account): Finding | undefined {
  return ofBoth((party) => {
    const earlier = spisOf(t, party, '');
    return t.reported(heldBy(party, again), 'sad', `${party} holds other SAs`, ({ sad }) =>
      sad.every(({ spi }) => !earlier.includes(spi)),
    );
  });
}

/** Every SA of a child that either held before is there still. */
export function childrenKept(t: Account): Finding | undefined {
  return ofBoth((party) =>
    t.reported(heldBy(party, again), 'sad', `${party} holds the SAs that it held`, ({ sad }) =>
      spisOf(t, party, '').every((spi) => sad.some((each) => each.spi === spi)),
    ),
  );
}

/** The IKE SA is another, as whoever tells says. */
export function ikeSaReplaced(t: Account): Finding | undefined {
  const tellers = parties.filter((party) => tells(t, party));
  const found = tellers.map((party) => {
    const earlier = ikeSpisOf(t, party);
    return t.reported(heldBy(party, again), 'ikeSas', `the IKE SA of ${party} is another`, ({ ikeSas }) => {
      const now = inUse(ikeSas);
      return now.length > 0 && now.every(({ initiatorSPI }) => !earlier.includes(initiatorSPI));
    });
  });
  return found.length === 0 ? undefined : both(...found);
}

/** Where neither tells which IKE SA it has, nobody knows whether it was replaced. */
export function whichIkeSa(t: Account): Control {
  const told = parties
    .filter((party) => tells(t, party))
    .map((party) => t.reported(heldBy(party, again), 'ikeSas', `${party} tells which IKE SA it has`, () => true));
  return cause('one of them tells which IKE SA it has', told[0]);
}

const parties = ['nut', 'peer'] as const;

/** Both times. */
const tells = (t: Account, party: 'nut' | 'peer'): boolean =>
  ['', again].every((round) => {
    const told = t.state(heldBy(party, round))?.state;
    return told !== undefined && tellsIkeSpis(told);
  });

/** What was said goes under none of the SAs that its sender held before. */
export function sentUnderNew(t: Account, probe: string, party: 'nut' | 'peer'): Finding | undefined {
  const spi = t.probe(probe)?.packet.esp?.spi;
  return spi !== undefined && !spisOf(t, party, '').includes(spi) ? t.sentUnder(probe, 'esp') : undefined;
}

/** One pair of SAs under one IKE SA, and nothing of this that there was in the beginning. */
export function hasOnlyOther(what: 'sad' | 'ikeSas'): Until {
  return ({ sad, ikeSas }, t) => {
    const earlier = t.state(heldBy('nut'))?.state;
    if (!earlier || sad.length !== 2 || inUse(ikeSas).length !== 1) return false;
    return what === 'sad'
      ? sad.every(({ spi }) => earlier.sad.every((old) => old.spi !== spi))
      : inUse(ikeSas).every(
          ({ initiatorSPI }) => initiatorSPI === '' || earlier.ikeSas.every((old) => old.initiatorSPI !== initiatorSPI),
        );
  };
}

const ofBoth = (of: (party: 'nut' | 'peer') => Finding | undefined): Finding | undefined => both(of('nut'), of('peer'));

const spisOf = (t: Account, party: 'nut' | 'peer', name: string): readonly number[] =>
  t.state(heldBy(party, name))?.state.sad.map(({ spi }) => spi) ?? [];

const ikeSpisOf = (t: Account, party: 'nut' | 'peer'): readonly string[] =>
  t.state(heldBy(party))?.state.ikeSas.map(({ initiatorSPI }) => initiatorSPI) ?? [];
