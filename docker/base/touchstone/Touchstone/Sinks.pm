# UDP and TCP listeners that keep what was delivered to them: whether a packet passed the inbound policy is read here, not
# from a counter. The local address of a datagram comes from recvmsg(2), which Perl lacks and syscall() supplies.
package Touchstone::Sinks;
use strict;
use warnings;
use Fcntl qw(F_SETFL O_NONBLOCK);
use Socket qw(:all);
use Touchstone::Bounds qw(DELIVERIES DELIVERED_OCTETS CONNECTIONS WAITING_OCTETS);
use Touchstone::Console;
use Touchstone::Loop;

my (%sinks, @deliveries, $sequence);
my ($kept, $lost, $connections) = (0, 0, 0);

# A delivery is eight words: sequence number, milliseconds since 1970, protocol, source address and port, destination
# address and port, octets. A TCP connection is a delivery without octets when accepted, and one more for each piece read.
our %verbs = (
    # sink PROTOCOL PORT...: listens on every address of both families. Event for each delivery: `delivered` and its words.
    sink => \&listen_on,
    # deliveries: the words of every delivery since the last `forget-deliveries`; refused when there were more than are kept.
    deliveries => \&tell_deliveries,
    'forget-deliveries' => sub { @deliveries = (); ($kept, $lost) = (0, 0); return },
    # decapsulate PORT...: the kernel takes ESP out of the UDP datagrams that come to this port (RFC 3948), in both families.
    decapsulate => sub { $sinks{"esp/$_"} //= [ decapsulator(AF_INET, $_), decapsulator(AF_INET6, $_) ] for @_; return },
);

sub tell_deliveries {
    take_arrived();
    return map { @$_ } @deliveries unless $lost;
    die "$lost deliveries more than are kept (" . DELIVERIES . ' deliveries, ' . DELIVERED_OCTETS . " octets)\n";
}

sub listen_on {
    my ($protocol, @ports) = @_;
    for my $port (@ports) {
        next if $sinks{"$protocol/$port"};
        $sinks{"$protocol/$port"} = [ map { sink($protocol, $_, $port) } AF_INET, AF_INET6 ];
    }
    return;
}

sub sink {
    my ($protocol, $family, $port) = @_;
    my $datagrams = $protocol eq 'udp';
    die "no sink for $protocol\n" unless $datagrams or $protocol eq 'tcp';
    socket my $socket, $family, $datagrams ? SOCK_DGRAM : SOCK_STREAM, 0 or die "socket: $!\n";
    # What select(2) promised may be gone: taken by an answer in the same turn of the loop, or dropped for its checksum.
    fcntl $socket, F_SETFL, O_NONBLOCK or die "fcntl: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
    setsockopt $socket, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $family == AF_INET6;
    bind $socket, $family == AF_INET6 ? pack_sockaddr_in6($port, IN6ADDR_ANY) : pack_sockaddr_in($port, INADDR_ANY)
        or die "$protocol port $port: $!\n";
    if ($datagrams) {
        # SO_RCVBUFFORCE, which no limit holds back; for whoever is not root, as much as there is.
        setsockopt $socket, SOL_SOCKET, $_, pack 'i', WAITING_OCTETS and last for 33, SO_RCVBUF;
        setsockopt $socket, IPPROTO_IP, 8, 1;                                # IP_PKTINFO
        setsockopt $socket, IPPROTO_IPV6, 49, 1 if $family == AF_INET6;      # IPV6_RECVPKTINFO
        Touchstone::Loop::reads($socket, sub { take_datagram($socket, $port) });
    }
    else {
        listen $socket, 16 or die "listen: $!\n";
        Touchstone::Loop::reads($socket, sub { take_connection($socket) });
    }
    return $socket;
}

# The question may overtake what arrived before it, as both wait for the same loop: everything at the sinks is taken first.
sub take_arrived {
    my %taking;
    for my $name (grep { !m{^esp/} } keys %sinks) {
        my ($protocol, $port) = split m{/}, $name;
        for my $socket (@{ $sinks{$name} }) {
            $taking{ fileno $socket } = sub { $protocol eq 'udp' ? take_datagram($socket, $port) : take_connection($socket) };
        }
    }
    # A flood must not keep the question waiting: what comes after so many has come after the question.
    for (0 .. DELIVERIES) {
        last if select(my $read = Touchstone::Loop::bits(keys %taking), undef, undef, 0) <= 0;
        for my $number (keys %taking) {
            $taking{$number}->() if vec $read, $number, 1;
        }
    }
}

sub decapsulator {
    my ($family, $port) = @_;
    socket my $socket, $family, SOCK_DGRAM, 0 or die "socket: $!\n";
    setsockopt $socket, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $family == AF_INET6;
    setsockopt $socket, IPPROTO_UDP, 100, pack 'i', 2 or die "UDP_ENCAP: $!\n";    # UDP_ENCAP_ESPINUDP
    bypass($socket, $family);
    bind $socket, $family == AF_INET6 ? pack_sockaddr_in6($port, IN6ADDR_ANY) : pack_sockaddr_in($port, INADDR_ANY)
        or die "udp port $port: $!\n";
    return $socket;
}

# The policy asks about the UDP datagram first, and only then about what is in it: as an IKE daemon does, the socket has a policy of
# its own, struct xfrm_userpolicy_info with nothing but family and direction, which lets everything pass.
sub bypass {
    my ($socket, $family) = @_;
    my @option = $family == AF_INET6 ? (IPPROTO_IPV6, 35) : (IPPROTO_IP, 17);       # IPV6_XFRM_POLICY, IP_XFRM_POLICY
    for my $direction (0, 1) {
        setsockopt $socket, $option[0], $option[1], pack 'x40 S x118 C x7', $family, $direction or die "XFRM_POLICY: $!\n";
    }
}

sub take_datagram {
    my ($socket, $port) = @_;
    my ($name, $octets, $control) = map { blank($_) } 28, 65536, 256;
    my $vector = pack 'P Q', $octets, length $octets;
    my $message = pack 'P L x4 P Q P Q l x4', $name, length $name, $vector, 1, $control, length $control, 0;
    my $got = syscall 47, fileno $socket, $message, 0;
    return if $got < 0;
    my (undef, $name_length, undef, undef, undef, $control_length) = unpack 'Q L x4 Q Q Q Q', $message;
    deliver('udp', endpoint(substr $name, 0, $name_length), local_address(substr $control, 0, $control_length), $port,
        substr $octets, 0, $got);
}

sub take_connection {
    my $listener = shift;
    accept my $socket, $listener or return;
    my @ends = (endpoint(getpeername $socket), endpoint(getsockname $socket));
    deliver('tcp', @ends, '');
    if ($connections == CONNECTIONS) {
        $lost++;    # what it was to carry
        close $socket;
        return;
    }
    $connections++;
    Touchstone::Loop::reads($socket, sub {
        my $got = sysread $socket, my $octets, 65536;
        return deliver('tcp', @ends, $octets) if $got;
        Touchstone::Loop::forget($socket);
        close $socket;
        $connections--;
    });
}

sub deliver {
    my @delivery = (++$sequence, sprintf('%.3f', Touchstone::Loop::now()), @_);
    if (@deliveries == DELIVERIES or $kept + length $delivery[-1] > DELIVERED_OCTETS) {
        $lost++;
        return;
    }
    $kept += length $delivery[-1];
    push @deliveries, \@delivery;
    Touchstone::Console::event('delivered', @delivery);
}

sub endpoint {
    my $name = shift;
    return ('', 0) unless defined $name;
    my $family = sockaddr_family($name);
    my ($port, $address) = $family == AF_INET6 ? unpack_sockaddr_in6($name) : unpack_sockaddr_in($name);
    return (inet_ntop($family, $address), $port);
}

# Walks the control messages of recvmsg(2) to IP_PKTINFO (its third field) or IPV6_PKTINFO (its first).
sub local_address {
    my $control = shift;
    while (length $control >= 16) {
        my ($length, $level, $type) = unpack 'Q l l', $control;
        last if $length < 16;
        return inet_ntop(AF_INET,  substr $control, 24, 4)  if $level == IPPROTO_IP   and $type == 8;
        return inet_ntop(AF_INET6, substr $control, 16, 16) if $level == IPPROTO_IPV6 and $type == 50;
        substr $control, 0, ($length + 7) & ~7, '';
    }
    return '';
}

# A buffer the kernel may write into: its own, never one that Perl shares between copies.
sub blank {
    my $buffer = '';
    vec($buffer, $_[0] - 1, 8) = 0;
    return $buffer;
}

1;
