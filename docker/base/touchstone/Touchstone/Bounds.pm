# How much of what others send the agent keeps, or hands on in one answer. What is beyond is never lost in silence: the verb that would tell
# it refuses, and says by which bound.
package Touchstone::Bounds;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(DELIVERIES DELIVERED_OCTETS CONNECTIONS WAITING_OCTETS FILE_OCTETS PRINTED_OCTETS LINE_OCTETS LISTED_OCTETS);

# Deliveries of the sinks, and the octets in them: an answer holds them all, and a case sends some dozens.
use constant DELIVERIES       => 4096;
use constant DELIVERED_OCTETS => 1 << 20;
# What waits at a sink while the agent has no turn, as the kernel counts it: two KiB and more for the shortest datagram, so that as many wait as are kept.
use constant WAITING_OCTETS => 8 << 20;
# Connections that sinks hold open: a process has a thousand file descriptors.
use constant CONNECTIONS => 256;
# A file that is read in one answer: a daemon's log of a long case is a tenth of this.
use constant FILE_OCTETS => 4 << 20;
# What a program may print that is run to its end.
use constant PRINTED_OCTETS => 1 << 20;
# What the kernel may list in one answer: some thousands of SAs, or as many policies.
use constant LISTED_OCTETS => 4 << 20;
# A line of a daemon's output that has no end.
use constant LINE_OCTETS => 64 << 10;

1;
