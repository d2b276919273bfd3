# The lines between harness and agent. A line is words between spaces; a word is any octets, with all but printable ASCII
# (and with `%`) written as %xx, and with the empty word written as a lone `%`.
#     ?17 read /proc/version      a request, numbered by the harness
#     =17 Linux%20version...      its answer
#     -17 no%20such%20file        its refusal
#     *ready 6.1.0                an event, of its own accord
# The serial line of a user-mode kernel may fall silent for good once more than 4,095 octets wait to be read on it. So the
# harness keeps less than that on its way, and is told with `taken TOTAL` how many octets the agent has read since it began.
package Touchstone::Console;
use strict;
use warnings;
use Errno qw(EINTR EAGAIN);
use POSIX ();
use Touchstone::Loop;

my ($input, $output, $verbs, $pending, $current, $deferred);
my ($taken, $told) = (0, 0);

sub open_on {
    ($input, $output, $verbs) = @_;
    $pending = '';
    raw(fileno $input);
    Touchstone::Loop::reads($input, \&receive);
}

sub event { transmit('*' . join ' ', shift, map { escaped($_) } @_) }

# Inside a verb: puts the answer off, and returns the two functions that answer or refuse later.
sub later {
    my $number = $current;
    $deferred = 1;
    return (sub { transmit(join ' ', "=$number", map { escaped($_) } @_) }, sub { transmit("-$number " . escaped($_[0])) });
}

sub receive {
    my $got = sysread $input, $pending, 65536, length $pending;
    if (!$got) {
        return if !defined $got and ($! == EINTR or $! == EAGAIN);
        $verbs->{poweroff}->();
    }
    $taken += $got;
    event('taken', $told = $taken) if $taken - $told >= 512;
    while ($pending =~ s/^([^\n]*)\n//) {
        my ($request, $verb, @words) = split / /, $1;
        perform($1, $verb, map { unescaped($_) } @words) if defined $request and $request =~ /^\?(\d+)$/;
    }
}

sub perform {
    my ($number, $verb, @words) = @_;
    ($current, $deferred) = ($number, 0);
    my @answer = eval {
        my $action = $verbs->{ $verb // '' } or die 'unknown verb: ' . ($verb // '') . "\n";
        $action->(@words);
    };
    if (my $reason = $@) {
        chomp $reason;
        return transmit("-$number " . escaped($reason));
    }
    transmit(join ' ', "=$number", map { escaped($_) } @answer) unless $deferred;
}

sub transmit {
    my $line = "$_[0]\n";
    while (length $line) {
        my $wrote = syswrite $output, $line;
        if (defined $wrote) { substr $line, 0, $wrote, '' }
        elsif ($! != EINTR and $! != EAGAIN) { return }
    }
}

sub escaped {
    my $word = shift // '';
    utf8::encode($word) if utf8::is_utf8($word);
    $word =~ s/([^!-\$&-~])/sprintf '%%%02x', ord $1/ge;
    return length $word ? $word : '%';
}

sub unescaped {
    my $word = shift;
    return '' if $word eq '%';
    $word =~ s/%([0-9a-fA-F]{2})/chr hex $1/ge;
    return $word;
}

# No echo, no line editing, no translation of any octet.
sub raw {
    my $number = shift;
    my $termios = POSIX::Termios->new;
    return unless $termios->getattr($number);
    $termios->setiflag(0);
    $termios->setoflag(0);
    $termios->setlflag(0);
    $termios->setcflag(POSIX::CS8() | POSIX::CREAD() | POSIX::CLOCAL());
    $termios->setcc(POSIX::VMIN(),  1);
    $termios->setcc(POSIX::VTIME(), 0);
    $termios->setattr($number, POSIX::TCSANOW());
}

1;
