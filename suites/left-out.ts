/** Why a scenario of the packet plane cannot be played under keys that IKE negotiates. */

export const firstNumberIsZero =
  "the node's own counter begins at 0 with every negotiated SA (RFC 4303 3.3.2), and only packets of its own move it: it would have to send 2^32 of them";

export const ownerChoosesSpi =
  'IKE lets the receiver choose its SPIs: nobody can give the node one from outside (RFC 7296 3.3.1)';

export const followsUnderNat =
  'IKEv2 puts ESP into UDP where it finds a NAT, and then has the peer followed to new addresses (RFC 7296 2.23), which is another question (RFC7296-2.23)';
