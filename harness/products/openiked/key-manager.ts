/**
 * What the kernel says to its key managers (linux/xfrm.h), said in its place: that a flow wants an SA (RFC 4301 5.1), and that the lifetime of an SA is over
 * (4.4.2.1). iked, for which ikectl(8) has no such command, does either when it hears of it. ip(8) has no words for these messages, so a process of the guest
 * says them: one for as long as the guest lives, because to start one takes longer than what iked then does.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { ConsoleChannel, ConsoleStream } from '../../runtime/console.ts';
import type { Told } from '../kit/daemon-process.ts';

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

/** The octets of a NETLINK_XFRM message, as a line of perl, which has the addresses and the order of octets of the guest. */
export type KernelMessage = string;

/** XFRM_MSG_ACQUIRE. */
export const acquire = ({ index, encapsulation, mode, local, peer }: WantedFlow): KernelMessage =>
  message('0x17', [
    `my $id = pack('a16x4Cx3', address('${peer}'), ${protocols[encapsulation]});`,
    `my ($local, $family) = (address('${local}'), family('${local}'));`,
    `my $policy = pack('x40Sx110x4LCx7', $family, ${index}, 1);`,
    `my $template = pack('a24Sx2a16x4Cx3L3', $id, $family, $local, ${mode === 'tunnel' ? 1 : 0}, (~0 & 0xffffffff) x 3);`,
    "my $body = pack('a24a16x40Sx14a168x16SSa64', $id, $local, $family, $policy, 68, 5, $template);",
  ]);

/** XFRM_MSG_EXPIRE: `hard` ends the SA, otherwise another one is wanted in its place. */
export const expire = ({ encapsulation, spi, destination }: KernelSa, hard: boolean): KernelMessage =>
  message('0x18', [
    `my $id = pack('a16NCx3', address('${destination}'), ${spi}, ${protocols[encapsulation]});`,
    `my $body = pack('x56a24x132Sx10Cx7', $id, family('${destination}'), ${hard ? 1 : 0});`,
  ]);

export class KernelVoice {
  readonly #stream: ConsoleStream;
  readonly #waiting: ((answer: string | undefined) => void)[];

  private constructor(stream: ConsoleStream, waiting: ((answer: string | undefined) => void)[]) {
    this.#stream = stream;
    this.#waiting = waiting;
  }

  static async started(console: ConsoleChannel): Promise<KernelVoice> {
    const waiting: ((answer: string | undefined) => void)[] = [];
    let answers = '';
    await console.start('kernel-voice', ['/usr/bin/perl', '-MSocket=:DEFAULT,inet_pton', '-e', program]);
    const stream = await console.openStream(socketPath, PATIENCE, {
      received: (octets) => {
        answers += Buffer.from(octets).toString('latin1');
        const whole = answers.split('\n');
        answers = whole.pop()!;
        for (const answer of whole) waiting.shift()?.(answer);
      },
      closed: () => {
        for (const settle of waiting.splice(0)) settle(undefined);
      },
    });
    return new KernelVoice(stream, waiting);
  }

  /** Done where the kernel took it, and handed it on; otherwise with what it said. */
  async says(message: KernelMessage): Promise<Told> {
    let late: NodeJS.Timeout | undefined;
    const answer = new Promise<string | undefined>((settle, fail) => {
      this.#waiting.push(settle);
      late = setTimeout(() => fail(new HarnessFault('kernel-voice', 'the kernel does not answer')), PATIENCE);
    });
    try {
      await this.#stream.write(Buffer.from(`${message}\n`));
      const said = await answer;
      if (said === undefined) throw new HarnessFault('kernel-voice', 'what speaks with the kernel has ended');
      return { done: said === '', says: said };
    } finally {
      clearTimeout(late);
    }
  }
}

const message = (type: string, body: readonly string[]): KernelMessage =>
  [...body, `pack('LSSLLa*', 16 + length $body, ${type}, 5, 1, 0, $body)`].join(' ');

/** For what messages are made of. */
export const words = [
  'sub family { $_[0] =~ /:/ ? AF_INET6 : AF_INET }',
  'sub address { inet_pton(family($_[0]), $_[0]) }',
].join('\n');

const socketPath = '/run/kernel-voice';

/** Each line is a message, and is answered by one: empty, or what the kernel objected to. */
const program = `${words}
socket my $kernel, 16, SOCK_RAW, 6 or die $!;
socket my $door, AF_UNIX, SOCK_STREAM, 0 or die $!;
bind $door, pack_sockaddr_un('${socketPath}') or die $!;
listen $door, 1 or die $!;
accept my $harness, $door or die $!;
while (my $line = <$harness>) {
  my $message = eval $line // die $@;
  my $answer;
  local $! = 0;
  $! = -unpack 'x16l', $answer if defined send $kernel, $message, 0 and defined recv $kernel, $answer, 4096, 0;
  syswrite $harness, ($! ? "$!" : '') . "\\n";
}
`;

/** Of IP. */
const protocols = { esp: 50, ah: 51 } as const;

/** Milliseconds for an answer of the kernel, and until there is somebody to ask it. */
const PATIENCE = 10_000;
