/** What controls and judgements are made of, for suites. */
export type { Account } from '../judge/account.ts';
export {
  both,
  type Control,
  cause,
  type Finding,
  finding,
  inconclusive,
  type Judgement,
  post,
  pre,
  seen,
} from '../judge/finding.ts';
export type { FoundIcmpv6 } from '../judge/icmpv6-account.ts';
export { childOf as childAgreedIn, type Exchange, type IkeSaConversation } from '../judge/ike-conversations.ts';
export type { Heard } from '../judge/listening.ts';
export type { FoundMobility } from '../judge/mobility-account.ts';
export type { FoundMessage, FoundPacket, OpenedFrame } from '../judge/opened-frame.ts';
export { notificationsIn, refuses } from '../judge/refusal.ts';
export { isProtectionTold } from '../judge/told-protection.ts';
