# One select loop: handles that are read when they can be, handles that are written when they can be, and timers.
package Touchstone::Loop;
use strict;
use warnings;

my (%readers, %writers, @timers);

# Calls $callback whenever $handle has something to read, until forgotten.
sub reads {
    my ($handle, $callback) = @_;
    $readers{ fileno $handle } = $callback;
}

# Calls $callback once $handle can be written (a connect that completed counts).
sub writes {
    my ($handle, $callback) = @_;
    $writers{ fileno $handle } = $callback;
}

# To be called before a handle is closed: its number may be given to another.
sub forget {
    my ($handle) = @_;
    delete $readers{ fileno $handle };
    delete $writers{ fileno $handle };
}

# Calls $callback once, after so many milliseconds.
sub after {
    my ($milliseconds, $callback) = @_;
    push @timers, [ now() + $milliseconds, $callback ];
}

# CLOCK_REALTIME in milliseconds: the guest's clock is the host's.
sub now {
    my $timespec = pack 'q q', 0, 0;
    syscall(228, 0, $timespec);
    my ($seconds, $nanoseconds) = unpack 'q q', $timespec;
    return $seconds * 1000 + $nanoseconds / 1e6;
}

sub run {
    while (1) {
        my ($read, $write) = (bits(keys %readers), bits(keys %writers));
        my $ready = select $read, $write, undef, patience();
        fire_timers();
        next if $ready <= 0;
        for my $number (keys %readers) {
            my $callback = $readers{$number};
            $callback->() if $callback and vec $read, $number, 1;
        }
        for my $number (keys %writers) {
            next unless vec $write, $number, 1;
            my $callback = delete $writers{$number};
            $callback->() if $callback;
        }
    }
}

sub bits {
    my $vector = '';
    vec($vector, $_, 1) = 1 for @_;
    return $vector;
}

# Seconds until the next timer, or undef while there is none.
sub patience {
    return undef unless @timers;
    my ($earliest) = sort { $a <=> $b } map { $_->[0] } @timers;
    my $left = ($earliest - now()) / 1000;
    return $left > 0 ? $left : 0;
}

sub fire_timers {
    return unless @timers;
    my $now = now();
    my @due = grep { $_->[0] <= $now } @timers;
    @timers = grep { $_->[0] > $now } @timers;
    $_->[1]->() for @due;
}

1;
