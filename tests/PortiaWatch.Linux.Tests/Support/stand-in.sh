#!/bin/sh
# Stands in for a program of the system: a test links to this file and puts what is to be done into a file of the link's name with .sh behind it.
# (A script written and run at once may fail with ETXTBSY while another thread of the test run is starting a process.)
. "$0.sh"
