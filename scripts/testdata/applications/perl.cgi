# A CGI script with Perl's CGI.pm.
use strict;
use warnings;
use CGI;
use Digest::SHA;
use Time::HiRes;

$| = 1;    # Whatever is printed goes at once.
my $name = substr $ENV{PATH_INFO} // '', 1;

# The length and the SHA-256 of a stream.
sub measured {
    my ($stream) = @_;
    my ($length, $digest) = (0, Digest::SHA->new(256));
    while (my $n = read $stream, my $piece, 64 * 1024) {
        $length += $n;
        $digest->add($piece);
    }
    return $length . ' ' . $digest->hexdigest;
}

if ($name eq 'hello') {
    my %reached = (
        method     => $ENV{REQUEST_METHOD},
        query      => $ENV{QUERY_STRING},
        host       => $ENV{HTTP_HOST},
        client     => $ENV{REMOTE_ADDR},
        scheme     => $ENV{HTTP_X_FORWARDED_PROTO} // '',
        underscore => $ENV{HTTP_CLIENT_NAME}       // '',
        proxy      => $ENV{HTTP_PROXY}             // '',
    );
    my $members = join ', ', map { qq("$_": "$reached{$_}") } sort keys %reached;
    print "Content-Type: application/json\n\n{$members}\n";
}
elsif ($name eq 'raw') {    # Not by CGI.pm, which would take it into memory.
    binmode STDIN;
    print "Content-Type: text/plain\n\n", measured(\*STDIN);
}
elsif ($name eq 'form') {
    my $form = CGI->new;
    die $form->cgi_error if $form->cgi_error;
    print $form->header('text/plain'), scalar $form->param('name'), ' ', measured(scalar $form->upload('file'));
}
elsif ($name eq 'download') {
    my $blocks = CGI->new->param('blocks');
    my $rest   = "0123456789abcde\n" x 4095;
    print "Content-Type: application/octet-stream\n\n";
    for my $n (0 .. $blocks - 1) {
        print sprintf("%015d\n", $n), $rest or exit;
    }
}
elsif ($name eq 'moved') {
    print CGI->new->redirect("$ENV{SCRIPT_NAME}/hello");
}
elsif ($name eq 'local') {    # The web server answers for that path itself.
    print "Location: $ENV{SCRIPT_NAME}/hello?local\n\n";
}
elsif ($name eq 'busy') {
    print "Status: 503 Service Unavailable\nRetry-After: 7\nContent-Type: text/plain\n\nbusy";
}
elsif ($name eq 'broken') {
    die "broken on purpose\n";
}
elsif ($name eq 'events') {
    print "Content-Type: text/event-stream\n\n";
    while (print "data: $$\n\n") {
        Time::HiRes::sleep 0.1;
    }
}
else {
    print "Status: 404 Not Found\nContent-Type: text/plain\n\nno such thing\n";
}
