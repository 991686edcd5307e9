#!/usr/bin/perl
# A runner of another maker: it knows the runner protocol (contract 4), and nothing about wlx.
#
#   runner.pl [--to-stderr] [--older-form] [--misbehave HOW] [--cheat HOW] S3_CLIENT WORKLOAD BUCKET REGION TARGET_THROUGHPUT
#
# It does its work one request at a time. With --misbehave it does one good repeat and then misbehaves. With --cheat it reports
# success without doing all of the work: HOW is skip-one (the object in the middle), no-checksum, no-validation (of the checksums of
# downloads), list (the bucket, on the clock) or early-clock (half of the time).
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 hmac_sha256_hex sha256 sha256_hex);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use Getopt::Long;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use POSIX qw(strftime);
use Time::HiRes qw(time);

my ($to_stderr, $older_form, $misbehave, $cheat) = (0, 0, '', '');
GetOptions('to-stderr' => \$to_stderr, 'older-form' => \$older_form, 'misbehave=s' => \$misbehave, 'cheat=s' => \$cheat)
    or exit 2;
@ARGV == 5 or exit 2;
my ($client, $path, $bucket, $region, $target) = @ARGV;
$target =~ /^\d+\.\d+$/ or fail("TARGET_THROUGHPUT is not a float: $target");
$ENV{LC_ALL} eq 'C' or fail('LC_ALL is not C');
my ($authority) = ($ENV{AWS_ENDPOINT_URL} // '') =~ m{^http://([^/]+)/?$} or fail('AWS_ENDPOINT_URL is not set');

$| = 1;
select($to_stderr ? *STDERR : *STDOUT);
my $workload = decode_json(read_file($path));
skip("version $workload->{version} is not known") if $workload->{version} != 2;
skip("$client cannot do that") if $misbehave eq 'skip';
my $checksum = $workload->{checksum} // '';
skip("$client knows no $checksum") if $checksum && $checksum ne 'SHA256';
my $skipped = $cheat eq 'skip-one' && @{$workload->{tasks}} > 1 ? $workload->{tasks}[(@{$workload->{tasks}} - 1) / 2]{key} : '';
my $began = time;
for my $repeat (1 .. $workload->{maxRepeatCount}) {
    last if $repeat > 1 && time - $began >= $workload->{maxRepeatSecs};
    misbehave() if $repeat == 2 && $misbehave;
    prepare($_) for @{$workload->{tasks}};
    my $start = time;
    my $bytes = 0;
    request('GET', '', '', 'list-type=2') if $cheat eq 'list';
    $bytes += transfer($_) for @{$workload->{tasks}};
    report($repeat, (time - $start) / ($cheat eq 'early-clock' ? 2 : 1), $bytes);
}

sub report {
    my ($repeat, $seconds, $bytes) = @_;
    return if $misbehave eq 'say-nothing';
    my $gbps = $misbehave eq 'lie' ? 1000 : $bytes * 8 / 1e9 / $seconds;
    printf 'Run:%d Secs:%f Gb/s:%f', $repeat, $seconds, $gbps;
    printf ' Mb/s:%f GiB/s:%f', $gbps * 1e3, $bytes / 2**30 / $seconds if $older_form;
    print "\n";
}

sub prepare {
    my ($task) = @_;
    return if $task->{action} eq 'upload' || !$workload->{filesOnDisk};
    unlink $task->{key};
    make_path(dirname($task->{key}));
}

sub transfer {
    my ($task) = @_;
    my ($key, $size) = @$task{qw(key size)};
    return $size if $key eq $skipped;
    if ($task->{action} eq 'upload') {
        my $body = $workload->{filesOnDisk} ? read_file($key) : 'x' x $size;
        my @sent = $checksum && $cheat ne 'no-checksum' ? ('x-amz-checksum-sha256', encode_base64(sha256($body), '')) : ();
        request('PUT', $key, $body, '', @sent);
        return $size;
    }
    my @mode = $checksum && $cheat ne 'no-checksum' ? ('x-amz-checksum-mode', 'ENABLED') : ();
    my ($body, $head) = request('GET', $key, '', '', @mode);
    if (@mode && $cheat ne 'no-validation') {
        my ($sent) = $head =~ /^x-amz-checksum-sha256: *(\S+)/mi or fail("$key came without its SHA256");
        $sent eq encode_base64(sha256($body), '') or fail("the SHA256 of $key is wrong");
    }
    length $body == $size or fail("$key has " . length($body) . " bytes, not $size");
    write_file($key, $body) if $workload->{filesOnDisk};
    return $size;
}

sub request {
    my ($method, $key, $body, $query, %headers) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $authority, Timeout => 10) or fail("cannot connect to $authority: $@");
    my $time = strftime('%Y%m%dT%H%M%SZ', gmtime);
    my $uri = $key eq '' ? "/$bucket" : "/$bucket/$key";
    %headers = (%headers, 'host' => $authority, 'x-amz-content-sha256' => 'UNSIGNED-PAYLOAD', 'x-amz-date' => $time);
    my $headers = join '', map { "$_:$headers{$_}\n" } sort keys %headers;
    my $signed = join ';', sort keys %headers;
    my $scope = substr($time, 0, 8) . "/$region/s3/aws4_request";
    $query //= '';
    my $canonical = sha256_hex("$method\n$uri\n$query\n$headers\n$signed\nUNSIGNED-PAYLOAD");
    my $secret = "AWS4$ENV{AWS_SECRET_ACCESS_KEY}";
    $secret = hmac_sha256($_, $secret) for split m{/}, $scope;
    my $signature = hmac_sha256_hex("AWS4-HMAC-SHA256\n$time\n$scope\n$canonical", $secret);
    my $credential = "$ENV{AWS_ACCESS_KEY_ID}/$scope";
    my $target = $query eq '' ? $uri : "$uri?$query";
    my $head = "$method $target HTTP/1.1\n${headers}connection:close\ncontent-length:" . length($body)
        . "\nauthorization:AWS4-HMAC-SHA256 Credential=$credential,SignedHeaders=$signed,Signature=$signature\n\n";
    $head =~ s/\n/\r\n/g;
    print $socket $head, $body;
    my $answer = do { local $/; <$socket> } // '';
    my ($status, $fields, $content) = $answer =~ m{^HTTP/1\.1 (\d+)(.*?)\r\n\r\n(.*)\z}s
        or fail("$method $uri: no answer");
    $status == 200 or fail("$method $uri: $status $content");
    return wantarray ? ($content, $fields) : $content;
}

# What a broken runner may do after a good repeat.
sub misbehave {
    my %ways = (
        'fail' => sub { fail('the disk is on fire') },
        'exit-1' => sub { print STDERR "Traceback:\nValueError: seven\n"; exit 1 },
        'die-by-signal' => sub { print STDERR "about to crash\n"; kill KILL => $$; sleep 60 },
        'say-nothing' => sub { exit 0 },
        'lie' => sub { exit 0 },
        'garbage' => sub { garbage(); exit 1 },
        'gigabyte' => sub { gigabyte(); exit 1 },
        'hang' => sub { print STDERR "thinking\n"; sleep 3600 },
        'hang-stubbornly' => sub { $SIG{TERM} = 'IGNORE'; print STDERR "thinking\n"; sleep 3600 while 1 },
        'leave-a-child' => sub { leave_a_child(); exit 0 },
    );
    $ways{$misbehave}->();
}

sub garbage {
    binmode $_ for *STDOUT, *STDERR;
    for my $stream (*STDOUT, *STDERR) {
        print $stream pack('C*', map { int rand 256 } 1 .. 100_000), "\nRun:x Secs: Gb/s:\nRun:9 Secs:nan Gb/s:inf\n";
    }
}

# One half in lines, the other half in one line.
sub gigabyte {
    my $lines = ("Some progress that nobody asked for, line by line by line by line\n" x 16_000);
    print STDOUT $lines for 1 .. 512 * 2**20 / length $lines;
    my $piece = 'y' x 2**20;
    print STDERR $piece for 1 .. 512;
}

# A child that keeps both streams open and does not end.
sub leave_a_child {
    my $pid = fork // fail("cannot fork: $!");
    return if $pid;
    sleep 3600 while 1;
}

sub skip { print STDERR "Skipping benchmark - $_[0]\n"; exit 123 }

sub fail { print STDERR "FAIL - $_[0]\n"; exit 255 }

sub read_file {
    open my $file, '<:raw', $_[0] or fail("cannot read $_[0]: $!");
    local $/;
    return <$file>;
}

sub write_file {
    open my $file, '>:raw', $_[0] or fail("cannot write $_[0]: $!");
    print $file $_[1];
    close $file or fail("cannot write $_[0]: $!");
}
