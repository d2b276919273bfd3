/** All that is asked of a mobile node that moves by itself. */
import type { Suite } from '../../../harness/vocabulary/scenario.ts';
import { asAtHome } from './as-at-home.ts';
import { asCorrespondent } from './as-correspondent.ts';
import { correspondentRenewals, movingOn, takingBack } from './bindings-over-time.ts';
import { bothMove } from './both-move.ts';
import { combinedTunnel } from './combined-tunnel.ts';
import { endingHomeAddress, shortenedBindings } from './ending-home-address.ts';
import { correspondentRepetitions, errorOfHomeAgent, errorsWhileTesting } from './errors-while-testing.ts';
import { homeAcknowledgements } from './home-acknowledgements.ts';
import { discoveryReplies, discoveryRequests, nextHomeAgent } from './home-agent-discovery.ts';
import { keysWithCorrespondent, keysWithHomeAgent } from './keys-while-moving.ts';
import { leavingHome } from './leaving-home.ts';
import { anotherRouter, prefixesThatLie, sameLinkLocal, silentRouter } from './movement.ts';
import { prefixAdvertisements, prefixSolicitations, unsolicitedPrefixes } from './prefix-discovery.ts';
import { correspondentAcknowledgements, registrationBegun } from './registering-with-correspondent.ts';
import { renewals, repetitions, validLifetimes } from './registration-times.ts';
import { returningHome, returningUnbound } from './returning-home.ts';
import { testsOfCorrespondent } from './tests-of-correspondent.ts';
import { threeWays } from './three-ways.ts';
import { arrivalsAway, errorsWhileBound, refreshRequests } from './while-bound.ts';

export const mobileNodeScenarios: Suite['scenarios'] = [
  leavingHome,
  homeAcknowledgements,
  repetitions,
  renewals,
  validLifetimes,
  returningHome,
  returningUnbound,
  registrationBegun,
  testsOfCorrespondent,
  correspondentAcknowledgements,
  correspondentRepetitions,
  errorsWhileTesting,
  errorOfHomeAgent,
  errorsWhileBound,
  refreshRequests,
  arrivalsAway,
  movingOn,
  correspondentRenewals,
  takingBack,
  asCorrespondent,
  threeWays,
  asAtHome,
  combinedTunnel,
  keysWithHomeAgent,
  keysWithCorrespondent,
  anotherRouter,
  sameLinkLocal,
  silentRouter,
  prefixesThatLie,
  discoveryRequests,
  discoveryReplies,
  nextHomeAgent,
  prefixSolicitations,
  prefixAdvertisements,
  unsolicitedPrefixes,
  endingHomeAddress,
  shortenedBindings,
  bothMove,
];
