# Octet streams over UNIX sockets of the guest, many at once on the one console: this is how a daemon's own control
# protocol (VICI) reaches the harness.
package Touchstone::Streams;
use strict;
use warnings;
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);
use Touchstone::Console;
use Touchstone::Loop;

my %streams;

our %verbs = (
    # open NUMBER PATH MILLISECONDS: answers once something accepts there; refused after so many milliseconds. The harness
    # chooses the number, so that it can listen before the answer.
    # Events: `stream NUMBER OCTETS`, and `closed NUMBER` when the other side closed it.
    open => \&open_stream,
    # transmit NUMBER OCTETS
    transmit => \&transmit,
    # close NUMBER
    close => sub { shut(shift); return },
);

sub open_stream {
    my ($number, $path, $patience) = @_;
    my ($answer, $refuse) = Touchstone::Console::later();
    attempt($path, Touchstone::Loop::now() + $patience, sub { adopt($number, shift); $answer->() }, $refuse);
}

sub attempt {
    my ($path, $deadline, $accepted, $refuse) = @_;
    socket my $socket, AF_UNIX, SOCK_STREAM, 0 or return $refuse->("socket: $!");
    return $accepted->($socket) if connect $socket, pack_sockaddr_un($path);
    my $reason = "$path: $!";
    close $socket;
    return $refuse->($reason) if Touchstone::Loop::now() >= $deadline;
    Touchstone::Loop::after(10, sub { attempt($path, $deadline, $accepted, $refuse) });
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
