"""Whether a built program works: ``visualnn --self-test`` goes once through what a learner does, and ends by itself.

`parts` are what it does, and `device` what it does on a GPU, each of which raises `failure` with one sentence; `course`
does them one after the other; `watchdog` ends a process that hangs. Nothing is read of the user's settings, and nothing
is written but into a temporary folder.

May import: `app` and everything below. Imported by the command line when it is asked for, never at a plain start.
"""
