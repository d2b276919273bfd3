# Packets of the guest's own, so that its outbound policy can be watched from the wire. What the kernel said to each
# system call is part of the answer (a policy that blocks shows there), never a refusal of the verb.
package Touchstone::Emission;
use strict;
use warnings;
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Errno qw(EINPROGRESS);
use Socket qw(:all);
use Touchstone::Console;
use Touchstone::Loop;

# SOURCE may be empty and SPORT 0: the kernel chooses. The answer is `sent`, or the kernel's objection.
our %verbs = (
    # emit-udp SOURCE SPORT DESTINATION DPORT OCTETS
    'emit-udp' => \&emit_udp,
    # emit-tcp NUMBER SOURCE SPORT DESTINATION DPORT: a connect. Event, if it ever ends: `connect NUMBER connected|REASON`.
    'emit-tcp' => \&emit_tcp,
    # emit-echo SOURCE DESTINATION IDENTIFIER SEQUENCE OCTETS: an ICMP or ICMPv6 echo request.
    'emit-echo' => \&emit_echo,
);

sub emit_udp {
    my ($source, $sport, $destination, $dport, $octets) = @_;
    my $socket = socket_from($source, $sport, $destination, SOCK_DGRAM, 0);
    return defined send($socket, $octets, 0, name($destination, $dport)) ? 'sent' : "$!";
}

sub emit_tcp {
    my ($number, $source, $sport, $destination, $dport) = @_;
    my $socket = socket_from($source, $sport, $destination, SOCK_STREAM, 0);
    return "$!" if !connect $socket, name($destination, $dport) and $! != EINPROGRESS;
    Touchstone::Loop::writes($socket, sub {
        local $! = unpack 'i', getsockopt $socket, SOL_SOCKET, SO_ERROR;
        Touchstone::Console::event('connect', $number, $! ? "$!" : 'connected');
        close $socket;
    });
    return 'sent';
}

sub emit_echo {
    my ($source, $destination, $identifier, $sequence, $octets) = @_;
    my $six = family($destination) == AF_INET6;
    my $message = pack 'C C n n n a*', $six ? 128 : 8, 0, 0, $identifier, $sequence, $octets;
    substr $message, 2, 2, pack 'n', checksum($message) unless $six;
    my $socket = socket_from($source, 0, $destination, SOCK_RAW, $six ? 58 : 1);
    return defined send($socket, $message, 0, name($destination, 0)) ? 'sent' : "$!";
}

sub socket_from {
    my ($source, $sport, $destination, $type, $protocol) = @_;
    my $family = family($destination);
    socket my $socket, $family, $type, $protocol or die "socket: $!\n";
    fcntl $socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK;
    setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
    setsockopt $socket, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $family == AF_INET6 and $type != SOCK_RAW;
    if (length $source or $sport) {
        my $any = $family == AF_INET6 ? '::' : '0.0.0.0';
        bind $socket, name(length $source ? $source : $any, $sport) or die "$source port $sport: $!\n";
    }
    return $socket;
}

sub family { $_[0] =~ /:/ ? AF_INET6 : AF_INET }

sub name {
    my ($address, $port) = @_;
    my $family = family($address);
    my $octets = inet_pton($family, $address) // die "no address: $address\n";
    return $family == AF_INET6 ? pack_sockaddr_in6($port, $octets) : pack_sockaddr_in($port, $octets);
}

# RFC 1071.
sub checksum {
    my $sum = 0;
    $sum += $_ for unpack 'n*', length($_[0]) % 2 ? "$_[0]\0" : $_[0];
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum > 0xffff;
    return ~$sum & 0xffff;
}

1;
