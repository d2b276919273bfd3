# The agent: the one long-lived process through which the harness drives a guest. It speaks lines on the serial console
# (Touchstone::Console has their form), runs everything in one select loop, and forks nothing per request but `exec`.
# Only perl-base is there, and only x86-64, as the user-mode kernel is.
use strict;
use warnings;
use POSIX ();
use Touchstone::Loop;
use Touchstone::Console;
use Touchstone::Files;
use Touchstone::Processes;
use Touchstone::Batch;
use Touchstone::Streams;
use Touchstone::Sinks;
use Touchstone::Emission;
use Touchstone::Netlink;

# Each verb takes the request's words and either returns the words of the answer, dies with the reason of a refusal, or
# calls Console::later and answers when it can.
my %verbs = (
    %Touchstone::Files::verbs,
    %Touchstone::Processes::verbs,
    %Touchstone::Batch::verbs,
    %Touchstone::Streams::verbs,
    %Touchstone::Sinks::verbs,
    %Touchstone::Emission::verbs,
    %Touchstone::Netlink::verbs,
    echo     => sub { @_ },
    poweroff => \&poweroff,
);

$SIG{PIPE} = 'IGNORE';
Touchstone::Console::open_on(\*STDIN, \*STDOUT, \%verbs);
Touchstone::Console::event('ready', (POSIX::uname())[2]);
Touchstone::Loop::run();

# reboot(2) with LINUX_REBOOT_CMD_POWER_OFF: there is no poweroff program in a minimal root.
sub poweroff {
    syscall(169, 0xfee1dead, 672274793, 0x4321fedc, 0);
    die "the kernel refused to power off: $!\n";
}
