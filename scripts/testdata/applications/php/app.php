<?php
// A script in PHP: what follows its name in the target says what is wanted.
// This comment is SOURCE: no client must ever see it.

ignore_user_abort(false);

// measured returns the length and the SHA-256 of a stream.
function measured($stream): string
{
    [$length, $hash] = [0, hash_init('sha256')];
    while (!feof($stream)) {
        $piece = fread($stream, 64 * 1024);
        $length += strlen($piece);
        hash_update($hash, $piece);
    }
    return $length . ' ' . hash_final($hash);
}

switch (substr($_SERVER['PATH_INFO'] ?? '', 1)) {
    case 'hello':
        header('Content-Type: application/json');
        echo json_encode([
            'method' => $_SERVER['REQUEST_METHOD'],
            'query' => $_SERVER['QUERY_STRING'],
            'host' => $_SERVER['HTTP_HOST'],
            'client' => $_SERVER['REMOTE_ADDR'],
            'scheme' => $_SERVER['HTTP_X_FORWARDED_PROTO'],
            'underscore' => $_SERVER['HTTP_CLIENT_NAME'] ?? '',
            'proxy' => $_SERVER['HTTP_PROXY'] ?? '',
        ]);
        break;
    case 'form':
        echo $_POST['name'], ' ', measured(fopen($_FILES['file']['tmp_name'], 'rb'));
        break;
    case 'raw':
        echo measured(fopen('php://input', 'rb'));
        break;
    case 'download':
        header('Content-Type: application/octet-stream');
        $rest = str_repeat("0123456789abcde\n", 4095);
        for ($n = 0; $n < $_GET['blocks']; $n++) {
            printf("%015d\n", $n);
            echo $rest;
        }
        break;
    case 'moved':
        header("Location: {$_SERVER['SCRIPT_NAME']}/hello");
        break;
    case 'busy':
        http_response_code(503);
        header('Retry-After: 7');
        echo 'busy';
        break;
    case 'broken':
        throw new RuntimeException('broken on purpose');
    case 'events':
        header('Content-Type: text/event-stream');
        while (true) {
            echo 'data: ', getmypid(), "\n\n";
            flush();
            usleep(100_000);
        }
    default:
        http_response_code(404);
        echo 'no such thing';
}
