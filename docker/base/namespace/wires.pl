# wires.pl COMMAND...: a network namespace whose Ethernet interfaces are the guest's wires, and COMMAND in it. WIRES has them, separated by commas:
# `name/mac/guest's port/peer's address/peer's port/session`. A process that stays carries frames between an interface (a TAP device) and its UDP
# socket, which is of the namespace before: a frame is a datagram of L2TPv3 (RFC 3931 4.1.2.1), as a user-mode kernel sends it.
use strict;
use warnings;
use Fcntl qw(F_SETFL F_SETFD O_RDWR O_NONBLOCK);
use Socket qw(:all);

use constant {
    UNSHARE     => 272,           # x86-64
    CLONE_NEWNET => 0x40000000,
    TUNSETIFF   => 0x400454ca,
    TAP         => 0x1002,        # IFF_TAP, and no header before a frame
    BUFFER      => 4 << 20,
    LONGEST     => 65_536,
    DATA        => 0x00030000,    # data, version 3
};

my @wires = map { my @fields = split m{/}; { name => $fields[0], mac => $fields[1], header => pack('N N', DATA, $fields[5]), socket => socket_of(@fields) } }
    split /,/, $ENV{WIRES};
syscall(UNSHARE, CLONE_NEWNET) == 0 or die "no network namespace: $!\n";
$_->{tap} = tap_of($_->{name}) for @wires;
system('ip', 'link', 'set', $_->{name}, 'address', $_->{mac}) == 0 or die "no address for $_->{name}\n" for @wires;

my $carrier = fork // die "no process for the wires: $!\n";
if ($carrier == 0) {
    open STDIN,  '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    carry();
}
close $_ for map { @$_{ 'tap', 'socket' } } @wires;
exec @ARGV or die "$ARGV[0]: $!\n";

sub socket_of {
    my (undef, undef, $port, $address, $peer_port) = @_;
    socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
    setsockopt $socket, SOL_SOCKET, $_, BUFFER for SO_RCVBUF, SO_SNDBUF;
    bind $socket, pack_sockaddr_in($port, INADDR_ANY) or die "udp port $port: $!\n";
    connect $socket, pack_sockaddr_in($peer_port, inet_aton($address)) or die "$address port $peer_port: $!\n";
    fcntl $socket, F_SETFL, O_NONBLOCK or die "fcntl: $!\n";
    return $socket;
}

sub tap_of {
    my $name = shift;
    sysopen my $tap, '/dev/net/tun', O_RDWR | O_NONBLOCK or die "/dev/net/tun: $!\n";
    ioctl $tap, TUNSETIFF, my $request = pack('a16 S x22', $name, TAP) or die "TAP $name: $!\n";
    return $tap;
}

# What one end has is read until it has no more; what the other end does not take is lost, as on any wire.
sub carry {
    my $all = '';
    vec($all, fileno $_, 1) = 1 for map { @$_{ 'tap', 'socket' } } @wires;
    while (1) {
        select my $ready = $all, undef, undef, undef;
        for my $wire (@wires) {
            my ($tap, $socket, $header) = @$wire{ 'tap', 'socket', 'header' };
            if (vec $ready, fileno $tap, 1) {
                syswrite $socket, $header . $_ while sysread $tap, $_, LONGEST;
            }
            if (vec $ready, fileno $socket, 1) {
                while (sysread $socket, $_, LONGEST) { syswrite $tap, substr $_, 8 if substr($_, 0, 8) eq $header }
            }
        }
    }
}
