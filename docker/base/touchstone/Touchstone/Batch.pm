# `ip` without a fork of this process per command: coprocesses of `ip -force -batch -` that live as long as the guest, one for each set of
# leading options (`-6`, `-j -s`...). After each line comes a second one naming an object that does not exist: the
# complaint about it, on the same pipe, tells where the reply of the first one ended. `ip` exits in the middle of a batch at a word it cannot parse,
# and after each `xfrm state|policy list`: a shell, whose forks cost a third of ours, says with which status and starts it again, as long as somebody hears it.
package Touchstone::Batch;
use strict;
use warnings;
use IPC::Open3 ();
use Touchstone::Console;
use Touchstone::Loop;

# PIPE_BUF of Linux.
use constant PIPE_OCTETS => 4096;

my %coprocesses;

our %verbs = (
    # batch LINE...: for each line its status (0 done, 1 failed) and what was printed.
    batch => \&batch,
);

sub batch {
    my @lines = @_;
    length() + length(sentinel()) + 2 > PIPE_OCTETS and die "a line of " . length() . " octets\n" for @lines;
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
    push @{ $coprocess->{behind} }, { asks => "$command\n" . sentinel() . "\n", done => $done };
    asks($coprocess);
}

# What fits into one write that a pipe keeps together: `ip` has read all of it when it exits, so that the rest is there to be asked again.
sub asks {
    my $coprocess = shift;
    my ($waiting, $behind) = @$coprocess{ 'waiting', 'behind' };
    return if @$waiting;
    my $octets = '';
    while (@$behind && (!@$waiting || length($octets) + length($behind->[0]{asks}) <= PIPE_OCTETS)) {
        push @$waiting, shift @$behind;
        $octets .= $waiting->[-1]{asks};
    }
    syswrite $coprocess->{input}, $octets if @$waiting;
}

sub launch {
    my $options = shift;
    # What stdbuf(1) does, without a second exec: each line is written when it is complete.
    local @ENV{ 'LD_PRELOAD', '_STDBUF_O' } = ('/usr/libexec/coreutils/libstdbuf.so', 'L');
    my $loop = 'while :; do ip "$@" -force -batch -; echo ' . ended() . ' $? || exit; done';
    IPC::Open3::open3(my $input, my $output, undef, 'sh', '-c', $loop, 'sh', split(' ', $options));
    my $coprocess = { input => $input, waiting => [], behind => [] };
    my $pending = '';
    my ($mark, $ended) = map { quotemeta } sentinel(), ended();
    my $end = qr/^(.*?)(?:Object "$mark" is unknown[^\n]*\nCommand failed -:\d+\n|^$ended (\d+)\n)/ms;
    Touchstone::Loop::reads($output, sub {
        sysread $output, $pending, 65536, length $pending or die "the shell of `ip` is gone\n";
        while ($pending =~ s/$end//) {
            my ($printed, $status) = ($1, $2);
            my $line = shift @{ $coprocess->{waiting} } or next;
            # What `ip` had read and not come to is for the next one.
            unshift @{ $coprocess->{behind} }, splice @{ $coprocess->{waiting} } if defined $status;
            $line->{done}->(outcome($printed, $status));
        }
        asks($coprocess);
    });
    return $coprocess;
}

# Whether the line failed, and what was printed.
sub outcome {
    my ($printed, $status) = @_;
    return ($status ? 1 : 0, $printed) if defined $status;
    my $failed = $printed =~ s/^Command failed -:\d+\n//m;
    return ($failed ? 1 : 0, $printed);
}

sub sentinel { 'touchstone-end' }

sub ended { 'touchstone-ended' }

1;
