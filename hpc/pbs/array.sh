#!/bin/bash
# stormtrack campaign as an array of PBS jobs that share its tasks.  qsub -v CAMPAIGN=campaign.toml array.sh
#PBS -N stormtrack
#PBS -J 1-20
#PBS -l select=1:ncpus=16:mem=32gb
#PBS -l walltime=02:00:00
#PBS -j oe
# yours: the lines above, and how stormtrack gets on the path
# module load python && source ~/venvs/stormtrack/bin/activate

cd "${PBS_O_WORKDIR:-.}" || exit 2
SCRIPT=${SCRIPT:-$PBS_O_WORKDIR/array.sh}   # PBS runs a copy of the script; this one is submitted again
CAMPAIGN=${CAMPAIGN:-campaign.toml}
MOST=${MOST:-20}
TURN=${TURN:-1}

# PBS sends SIGTERM to all processes of the job at the limit of time; ours is deaf here, so that it can go on below
trap '' TERM
(trap - TERM; exec stormtrack run "$CAMPAIGN" --backend processes --workers "${NCPUS:-1}" \
  --scratch "${TMPDIR:-/tmp}" --no-wait)
status=$?

if [ "$status" -eq 75 ]; then
  left=$(stormtrack status "$CAMPAIGN" --json | sed -n 's/^ *"left": \([0-9]*\).*/\1/p')
  if [ "${left:-0}" -gt 0 ] && [ "$TURN" -lt "$MOST" ]; then
    qsub -J "${PBS_ARRAY_INDEX:-1}-$((${PBS_ARRAY_INDEX:-1} + 1)):2" \
      -v "CAMPAIGN=$CAMPAIGN,SCRIPT=$SCRIPT,MOST=$MOST,TURN=$((TURN + 1))" "$SCRIPT"
    exit 0
  fi
fi
exit "$status"
