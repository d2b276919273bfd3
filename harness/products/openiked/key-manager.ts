/**
 * What the kernel says to its key managers (linux/xfrm.h), said in its place: that a flow wants an SA (RFC 4301 5.1), and that the lifetime of an SA is over
 * (4.4.2.1). iked, for which ikectl(8) has no such command, does either when it hears of it. ip(8) has no words for these messages.
 */

/** A policy of the kernel that has no SA. */
export interface WantedFlow {
  /** Of the policy, which is one for packets that leave. */
  readonly index: number;
  readonly encapsulation: 'esp' | 'ah';
  readonly mode: 'transport' | 'tunnel';
  readonly local: string;
  readonly peer: string;
}

export interface KernelSa {
  readonly encapsulation: 'esp' | 'ah';
  readonly spi: number;
  readonly destination: string;
}

/** XFRM_MSG_ACQUIRE, as a command to run in a guest. */
export const acquire = ({ index, encapsulation, mode, local, peer }: WantedFlow): readonly string[] =>
  command('0x17', [
    `my $id = pack('a16x4Cx3', address('${peer}'), ${protocols[encapsulation]});`,
    `my ($local, $family) = (address('${local}'), family('${local}'));`,
    `my $policy = pack('x40Sx110x4LCx7', $family, ${index}, 1);`,
    `my $template = pack('a24Sx2a16x4Cx3L3', $id, $family, $local, ${mode === 'tunnel' ? 1 : 0}, (~0 & 0xffffffff) x 3);`,
    "my $body = pack('a24a16x40Sx14a168x16SSa64', $id, $local, $family, $policy, 68, 5, $template);",
  ]);

/** XFRM_MSG_EXPIRE, likewise: `hard` ends the SA, otherwise another one is wanted in its place. */
export const expire = ({ encapsulation, spi, destination }: KernelSa, hard: boolean): readonly string[] =>
  command('0x18', [
    `my $id = pack('a16NCx3', address('${destination}'), ${spi}, ${protocols[encapsulation]});`,
    `my $body = pack('x56a24x132Sx10Cx7', $id, family('${destination}'), ${hard ? 1 : 0});`,
  ]);

/** Ends with what the kernel answered, 0 if it took it. */
const command = (type: string, body: readonly string[]): readonly string[] => [
  '/usr/bin/perl',
  '-MSocket=:DEFAULT,inet_pton',
  '-e',
  [
    'sub family { $_[0] =~ /:/ ? AF_INET6 : AF_INET }',
    'sub address { inet_pton(family($_[0]), $_[0]) }',
    ...body,
    `my $message = pack('LSSLLa*', 16 + length $body, ${type}, 5, 1, 0, $body);`,
    'my ($kernel, $answer); socket($kernel, 16, SOCK_RAW, 6) && send($kernel, $message, 0) && defined recv($kernel, $answer, 4096, 0) or die $!;',
    "exit -unpack('x16l', $answer);",
  ].join(' '),
];

/** Of IP. */
const protocols = { esp: 50, ah: 51 } as const;
