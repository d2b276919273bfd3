/** The agent's bounds, its modules loaded by the perl of this machine: only their verbs are called, nothing of a guest is needed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const modules = fileURLToPath(new URL('../../docker/base/touchstone', import.meta.url));

describe('the agent', () => {
  before(function () {
    if (process.arch === 'x64' && spawnSync('perl', ['-MSocket', '-e', '1']).status === 0) return;
    console.log('      skipped: the agent is for perl on x86-64');
    this.skip();
  });

  const stories: readonly (readonly [story: string, script: string, wanted: readonly string[]])[] = [
    [
      'keeps so many deliveries and no more, says so, and begins anew when told to forget',
      `my $from = udp(); sink('udp', $port);
       send_to($from, $port, 'x'), asked() for 1 .. DELIVERIES + 3;
       said(refused('deliveries')); said(scalar @events);
       verb('forget-deliveries'); send_to($from, $port, 'y'); said(verb('deliveries') / 8);`,
      ['3 deliveries more than are kept (4096 deliveries, 1048576 octets)', '4096', '1'],
    ],
    [
      'loses nothing of what comes while it has no turn',
      `my $from = udp(); sink('udp', $port);
       my $many = $> ? 100 : DELIVERIES; # who is not root cannot raise the kernel's limit
       send_to($from, $port, 'x') for 1 .. $many; said(verb('deliveries') / 8 - $many);`,
      ['0'],
    ],
    [
      'keeps so many octets of them and no more',
      `my $from = udp(); sink('udp', $port);
       send_to($from, $port, 'x' x 32768), asked() for 1 .. 33;
       said(refused('deliveries')); said(scalar @events);`,
      ['1 deliveries more than are kept (4096 deliveries, 1048576 octets)', '32'],
    ],
    [
      'answers while a sink is flooded: what comes after so many is told next time',
      `my $from = udp(); sink('udp', $port); my $takes = 0;
       { no warnings; my $take = \\&Touchstone::Sinks::take_datagram;
         *Touchstone::Sinks::take_datagram = sub { $takes++; send_to($from, $port, 'z'); $take->(@_) }; }
       send_to($from, $port, 'z'); refused('deliveries'); said($takes <= DELIVERIES + 1 ? 'came to an end' : $takes);`,
      ['came to an end'],
    ],
    [
      'holds so many connections open and no more',
      `sink('tcp', $port); my @open = map { my $one = tcp($port); asked(); $one } 1 .. CONNECTIONS + 1;
       said(refused('deliveries')); said(scalar @events);`,
      ['1 deliveries more than are kept (4096 deliveries, 1048576 octets)', '257'],
    ],
    [
      'refuses a file that is too long for an answer',
      `my $path = "/tmp/touchstone-agent-test-$$"; open my $file, '>', $path; print $file 'x' x (FILE_OCTETS + 1); close $file;
       said(refused('read', $path) =~ s/^.*?: //r); unlink $path;`,
      ['more than 4194304 octets'],
    ],
    [
      'carries octets to and from a TCP port as it does to a path, and refuses what nobody listens at when the time is over',
      `socket my $server, AF_INET, SOCK_STREAM, 0; setsockopt $server, SOL_SOCKET, SO_REUSEADDR, 1;
       verb('open', 1, "127.0.0.1:$port", 0); said(@answers);
       bind $server, pack_sockaddr_in($port, INADDR_LOOPBACK); listen $server, 1;
       verb('open', 2, "127.0.0.1:$port", 0); said(@answers); accept(my $peer, $server);
       verb('transmit', 2, 'there'); sysread $peer, my $got, 5; said($got);
       syswrite $peer, 'back'; read_once(); close $peer; read_once(); said(map { join ' ', @$_ } @events);`,
      ['127.0.0.1: Connection refused', 'answered', 'there', 'stream 2 back', 'closed 2'],
    ],
  ];
  for (const [story, script, wanted] of stories) {
    it(story, () => {
      const run = spawnSync('perl', ['-I', modules, '-e', `${prelude}\n${script}`], { encoding: 'utf8' });
      expect(run.stderr, 'complaints').to.equal('');
      expect(run.stdout.trimEnd().split('\n')).to.deep.equal(wanted);
    });
  }
});

/** A console that keeps events to itself, and a peer on the loopback. */
const prelude = `
  use strict; use warnings; use Socket qw(:all);
  use Touchstone::Bounds qw(DELIVERIES CONNECTIONS FILE_OCTETS);
  use Touchstone::Sinks; use Touchstone::Files; use Touchstone::Streams;
  our (@events, @answers, $reader);
  { no warnings; *Touchstone::Console::event = sub { push @events, [@_] };
    *Touchstone::Console::later = sub { (sub { @answers = ('answered') }, sub { @answers = shift =~ s/:\\d+:/:/r }) };
    my $reads = \\&Touchstone::Loop::reads; *Touchstone::Loop::reads = sub { $reader = $_[1]; $reads->(@_) }; }
  my %verbs = (%Touchstone::Sinks::verbs, %Touchstone::Files::verbs, %Touchstone::Streams::verbs);
  sub read_once { $reader->() }
  sub verb { my $verb = shift; return $verbs{$verb}->(@_) }
  sub refused { my @words = @_; eval { verb(@words); 1 } and return 'not refused'; chomp(my $why = $@); return $why }
  sub sink { verb('sink', @_) }
  sub asked { eval { verb('deliveries') } }
  sub said { print "$_\\n" for @_ }
  my $port = do { socket my $any, AF_INET, SOCK_STREAM, 0; bind $any, pack_sockaddr_in(0, INADDR_LOOPBACK); (unpack_sockaddr_in(getsockname $any))[0] };
  sub udp { socket my $from, AF_INET, SOCK_DGRAM, 0 or die; return $from }
  sub send_to { my ($from, $port, $octets) = @_; send $from, $octets, 0, pack_sockaddr_in($port, INADDR_LOOPBACK) }
  sub tcp { socket my $to, AF_INET, SOCK_STREAM, 0 or die; connect $to, pack_sockaddr_in(shift, INADDR_LOOPBACK) or die; return $to }
`;
