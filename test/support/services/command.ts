/** `npm run services:start | services:stop`: the test servers by hand. */
import { gatewayObstacle, startGateway } from './rados-gateway.ts';
import { forgetService, recordService, runningService } from './running.ts';

async function start(): Promise<void> {
  const obstacle = gatewayObstacle();
  if (obstacle !== null) throw new Error(`the S3 server cannot run here: ${obstacle}`);
  const running = await runningService();
  if (running !== null) {
    console.log(`S3 server: already running at ${running.access.endpoint}`);
    return;
  }
  const gateway = await startGateway('forever');
  await recordService(gateway);
  console.log(`S3 server: ${gateway.access.endpoint}`);
}

async function stop(): Promise<void> {
  const running = await runningService();
  if (running === null) {
    console.log('S3 server: not running');
  } else {
    process.kill(running.pid, 'SIGKILL');
    console.log('S3 server: stopped');
  }
  await forgetService();
}

const verb = process.argv[2];
if (verb === 'start') await start();
else if (verb === 'stop') await stop();
else {
  console.error('usage: node test/support/services/command.ts start|stop');
  process.exitCode = 2;
}
