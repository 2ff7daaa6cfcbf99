// Preloaded into the processes that `npm start` runs: when the supervisor is gone, even by kill -9,
// they stop cleanly instead of staying behind and holding ports.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
