# The kernel's IPsec at its own socket, NETLINK_XFRM: what it lists of its SAs and policies, and what it tells its key managers. The octets of its messages go to the
# harness, which decodes them. Nothing forks: an `ip` for each question costs a guest more than all the rest of a case.
package Touchstone::Netlink;
use strict;
use warnings;
use Socket qw(SOCK_RAW);
use Touchstone::Bounds qw(LISTED_OCTETS);
use Touchstone::Console;
use Touchstone::Loop;

use constant { NETLINK => 16, NLMSG_ERROR => 2, NLMSG_DONE => 3, NLM_F_REQUEST => 1, NLM_F_DUMP => 0x300 };

my $monitor;

our %verbs = (
    # dump TYPE: octets of the messages with which the kernel answers this request (18 for SAs, 21 for policies), as many in a word as it told at once.
    dump => \&dumped,
    # monitor GROUPS: listens to these groups (a sum of XFRMGRP_*: 1 acquire, 2 expire, 4 SA, 8 policy) in place of those
    # before; 0 listens to none. Event: `xfrm OCTETS`. While any group is listened to, the kernel takes the
    # harness for a key manager: a policy without SA then raises an ACQUIRE instead of failing at once. Once it has answered nothing is missed,
    # which `ip xfrm monitor` could not promise.
    monitor => \&monitor,
);

sub dumped {
    my $type = shift;
    my $asked = bound(0); # of its own: whatever becomes of one answer, nothing is left for the next
    defined send $asked, (pack 'L S S L L', 16, $type, NLM_F_REQUEST | NLM_F_DUMP, 0, 0), 0 or die "send: $!\n";
    my ($length, $done, @told) = (0);
    until ($done) {
        defined recv $asked, my $octets, 1 << 16, 0 or die "recv: $!\n";
        my $messages = 0;
        until ($done || $messages >= length $octets) {
            my ($size, $kind) = unpack 'L S', substr $octets, $messages, 6;
            die "the kernel refuses the request $type: " . ($! = -unpack 'l', substr $octets, $messages + 16, 4) . "\n" if $kind == NLMSG_ERROR;
            $done = $kind == NLMSG_DONE;
            $messages += $size + 3 & ~3 unless $done;
        }
        $length += $messages;
        push @told, substr $octets, 0, $messages if $messages && $length <= LISTED_OCTETS;
    }
    die "the kernel lists $length octets, more than " . LISTED_OCTETS . "\n" if $length > LISTED_OCTETS;
    return @told;
}

sub monitor {
    my $groups = shift;
    if ($monitor) {
        Touchstone::Loop::forget($monitor);
        close $monitor;
        undef $monitor;
    }
    return unless $groups;
    $monitor = bound($groups);
    Touchstone::Loop::reads($monitor, sub {
        my $octets;
        Touchstone::Console::event('xfrm', $octets) if defined recv $monitor, $octets, 65536, 0;
    });
    return;
}

sub bound {
    my $groups = shift;
    socket my $socket, NETLINK, SOCK_RAW, 6 or die "socket: $!\n";                 # NETLINK_XFRM
    bind $socket, pack 'S x2 L L', NETLINK, 0, $groups or die "bind: $!\n";
    return $socket;
}

1;
