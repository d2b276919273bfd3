# What the kernel's IPsec tells its key managers (ACQUIRE, EXPIRE and changes to SAs and policies), as it happens: the
# octets of each NETLINK_XFRM message go to the harness, which decodes them. Nothing forks, and once `monitor` has
# answered nothing is missed, which `ip xfrm monitor` could not promise.
package Touchstone::Netlink;
use strict;
use warnings;
use Socket qw(SOCK_RAW);
use Touchstone::Console;
use Touchstone::Loop;

my $socket;

our %verbs = (
    # monitor GROUPS: listens to these groups (a sum of XFRMGRP_*: 1 acquire, 2 expire, 4 SA, 8 policy) in place of those
    # before; 0 listens to none. Event: `xfrm OCTETS`. While any group is listened to, the kernel takes the
    # harness for a key manager: a policy without SA then raises an ACQUIRE instead of failing at once.
    monitor => \&monitor,
);

sub monitor {
    my $groups = shift;
    if ($socket) {
        Touchstone::Loop::forget($socket);
        close $socket;
        undef $socket;
    }
    return unless $groups;
    socket $socket, 16, SOCK_RAW, 6 or die "socket: $!\n";                     # AF_NETLINK, NETLINK_XFRM
    bind $socket, pack 'S x2 L L', 16, 0, $groups or die "bind: $!\n";
    Touchstone::Loop::reads($socket, sub {
        my $octets;
        Touchstone::Console::event('xfrm', $octets) if defined recv $socket, $octets, 65536, 0;
    });
    return;
}

1;
