<?php
// The page of a directory. This comment is SOURCE, too.

echo 'the shop, ', $_SERVER['SCRIPT_NAME'], ', ', $_SERVER['PATH_INFO'] ?? 'nothing more', ', ', $_SERVER['QUERY_STRING'];
