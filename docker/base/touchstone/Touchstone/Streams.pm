# Octet streams over sockets of the guest, many at once on the one console: this is how a daemon's own control
# protocol reaches the harness, over a UNIX socket (VICI) or a TCP port of the loopback (a terminal).
package Touchstone::Streams;
use strict;
use warnings;
use Socket qw(AF_INET AF_UNIX SOCK_STREAM inet_aton pack_sockaddr_in pack_sockaddr_un);
use Touchstone::Console;
use Touchstone::Loop;

my %streams;

our %verbs = (
    # open NUMBER PLACE MILLISECONDS: answers once something accepts there, at a path or at ADDRESS:PORT of IPv4; refused after so
    # many milliseconds. The harness chooses the number, so that it can listen before the answer.
    # Events: `stream NUMBER OCTETS`, and `closed NUMBER` when the other side closed it.
    open => \&open_stream,
    # transmit NUMBER OCTETS
    transmit => \&transmit,
    # close NUMBER
    close => sub { shut(shift); return },
);

sub open_stream {
    my ($number, $place, $patience) = @_;
    my ($answer, $refuse) = Touchstone::Console::later();
    attempt($place, Touchstone::Loop::now() + $patience, sub { adopt($number, shift); $answer->() }, $refuse);
}

sub attempt {
    my ($place, $deadline, $accepted, $refuse) = @_;
    my ($family, $address) = whereabouts($place);
    socket my $socket, $family, SOCK_STREAM, 0 or return $refuse->("socket: $!");
    return $accepted->($socket) if connect $socket, $address;
    my $reason = "$place: $!";
    close $socket;
    return $refuse->($reason) if Touchstone::Loop::now() >= $deadline;
    Touchstone::Loop::after(10, sub { attempt($place, $deadline, $accepted, $refuse) });
}

sub whereabouts {
    my $place = shift;
    my ($address, $port) = $place =~ /^([0-9.]+):(\d+)$/ or return (AF_UNIX, pack_sockaddr_un($place));
    return (AF_INET, pack_sockaddr_in($port, inet_aton($address)));
}

sub adopt {
    my ($number, $socket) = @_;
    $streams{$number} = $socket;
    Touchstone::Loop::reads($socket, sub {
        my $got = sysread $socket, my $octets, 32768;
        return Touchstone::Console::event('stream', $number, $octets) if $got;
        shut($number);
        Touchstone::Console::event('closed', $number);
    });
}

sub transmit {
    my ($number, $octets) = @_;
    my $socket = $streams{$number} or die "no stream $number\n";
    while (length $octets) {
        my $wrote = syswrite $socket, $octets;
        die "stream $number: $!\n" unless defined $wrote;
        substr $octets, 0, $wrote, '';
    }
    return;
}

sub shut {
    my $number = shift;
    my $socket = delete $streams{$number} or return;
    Touchstone::Loop::forget($socket);
    close $socket;
}

1;
