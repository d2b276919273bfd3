# `ip` without a fork per command: coprocesses of `ip -force -batch -` that live as long as the guest, one for each set of
# leading options (`-6`, `-j -s`...). After each line comes a second one naming an object that does not exist: the
# complaint about it, on the same pipe, tells where the reply of the first one ended.
package Touchstone::Batch;
use strict;
use warnings;
use IPC::Open3 ();
use Touchstone::Console;
use Touchstone::Loop;

my %coprocesses;

our %verbs = (
    # batch LINE...: for each line its status (0 done, 1 failed) and what was printed.
    batch => \&batch,
);

sub batch {
    my @lines = @_;
    my ($answer) = Touchstone::Console::later();
    return $answer->() unless @lines;
    my @replies;
    my $left = @lines;
    for my $place (0 .. $#lines) {
        run($lines[$place], sub {
            $replies[$place] = [@_];
            $answer->(map { @$_ } @replies) if --$left == 0;
        });
    }
}

sub run {
    my ($line, $done) = @_;
    my ($options, $command) = $line =~ /^((?:-\S+\s+)*)(.*)$/s;
    my $coprocess = $coprocesses{$options} //= launch($options);
    push @{ $coprocess->{waiting} }, { command => $command, done => $done };
    syswrite $coprocess->{input}, "$command\n" . sentinel() . "\n";
}

# `ip` exits in the middle of a batch at a word it cannot parse, and after each `xfrm state|policy list`: its exit status is
# then that of the line it was at. A successor is started at once, while nobody waits, and takes the lines behind.
sub launch {
    my $options = shift;
    # What stdbuf(1) does, without a second exec: each line is written when it is complete.
    local @ENV{ 'LD_PRELOAD', '_STDBUF_O' } = ('/usr/libexec/coreutils/libstdbuf.so', 'L');
    my $pid = IPC::Open3::open3(my $input, my $output, undef, 'ip', split(' ', $options), '-force', '-batch', '-');
    my $coprocess = { input => $input, waiting => [] };
    my $pending = '';
    my $mark = quotemeta sentinel();
    my $end = qr/^(.*?)Object "$mark" is unknown[^\n]*\nCommand failed -:\d+\n/s;
    Touchstone::Loop::reads($output, sub {
        my $got = sysread $output, $pending, 65536, length $pending;
        while ($pending =~ s/$end//) { settle(shift @{ $coprocess->{waiting} }, $1) }
        return if $got;
        Touchstone::Loop::forget($output);
        waitpid $pid, 0;
        my $status = $? ? 1 : 0;
        my ($last, @behind) = @{ $coprocess->{waiting} };
        $last->{done}->($status, $pending) if $last;
        $coprocesses{$options} = launch($options);
        run("$options$_->{command}", $_->{done}) for @behind;
    });
    return $coprocess;
}

sub settle {
    my ($waiting, $output) = @_;
    my $failed = $output =~ s/^Command failed -:\d+\n//m;
    $waiting->{done}->($failed ? 1 : 0, $output);
}

sub sentinel { 'touchstone-end' }

1;
