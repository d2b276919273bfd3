# Processes: `exec` for the rare single command, and named daemons whose output comes back line by line as events.
package Touchstone::Processes;
use strict;
use warnings;
use POSIX ();
use Touchstone::Bounds qw(PRINTED_OCTETS LINE_OCTETS);
use Touchstone::Console;
use Touchstone::Loop;

my %daemons;

our %verbs = (
    # exec ARGV...: exit status, then standard output and standard error in the order written; refused when that is too long.
    exec => \&run_to_end,
    # start NAME ARGV...: process id. Events: `output NAME LINE`, and at last `exited NAME STATUS`.
    start => \&start,
    # stop NAME [SIGNAL]: sends the signal (TERM) and answers with the exit status when the daemon is gone.
    stop => \&stop,
    # running: names of the daemons that run.
    running => sub { sort keys %daemons },
);

sub run_to_end {
    my $name = $_[0];
    my ($answer, $refuse) = Touchstone::Console::later();
    my ($output, $printed) = ('', 0);
    my $receive = sub {
        $printed += length $_[0];
        $output .= $_[0] if $printed <= PRINTED_OCTETS;
    };
    spawn(\@_, $receive, sub {
        return $answer->(shift, $output) if $printed <= PRINTED_OCTETS;
        $refuse->("$name: printed $printed octets, more than " . PRINTED_OCTETS);
    });
}

sub start {
    my ($name, @argv) = @_;
    die "$name already runs\n" if $daemons{$name};
    my $pending = '';
    my $receive = sub {
        $pending .= shift;
        Touchstone::Console::event('output', $name, $1) while $pending =~ s/^([^\n]*)\n//;
        # A line without an end is cut in two rather than kept.
        Touchstone::Console::event('output', $name, substr $pending, 0, LINE_OCTETS, '') while length $pending > LINE_OCTETS;
    };
    my $ended = sub {
        my $status = shift;
        my $daemon = delete $daemons{$name};
        Touchstone::Console::event('output', $name, $pending) if length $pending;
        Touchstone::Console::event('exited', $name, $status);
        $_->($status) for @{ $daemon->{waiting} };
    };
    $daemons{$name} = { pid => 0, waiting => [] };
    $daemons{$name}{pid} = spawn(\@argv, $receive, $ended);
    return $daemons{$name}{pid};
}

sub stop {
    my ($name, $signal) = @_;
    my $daemon = $daemons{$name} or die "$name does not run\n";
    my ($answer) = Touchstone::Console::later();
    push @{ $daemon->{waiting} }, $answer;
    kill $signal // 'TERM', $daemon->{pid};
}

# Starts a program with its output on a pipe; $ended gets its exit status (128 and the signal, as a shell has it).
sub spawn {
    my ($argv, $receive, $ended) = @_;
    pipe my $output, my $writing or die "pipe: $!\n";
    # What stdbuf(1) does, without a second exec: each line is written when it is complete.
    local @ENV{ 'LD_PRELOAD', '_STDBUF_O' } = ('/usr/libexec/coreutils/libstdbuf.so', 'L');
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>&', $writing;
        open STDERR, '>&', $writing;
        $SIG{PIPE} = 'DEFAULT';
        { no warnings 'exec'; exec { $argv->[0] } @$argv }
        syswrite STDERR, "$argv->[0]: $!\n";
        POSIX::_exit(127);
    }
    close $writing;
    Touchstone::Loop::reads($output, sub {
        my $got = sysread $output, my $octets, 65536;
        return $receive->($octets) if $got;
        Touchstone::Loop::forget($output);
        close $output;
        reap($pid, $ended);
    });
    return $pid;
}

# The end of its output is most often the end of the process; one that closed it early is asked after until it ends.
sub reap {
    my ($pid, $ended) = @_;
    return Touchstone::Loop::after(10, sub { reap($pid, $ended) }) if waitpid($pid, POSIX::WNOHANG()) == 0;
    $ended->($? & 127 ? 128 + ($? & 127) : $? >> 8);
}

1;
