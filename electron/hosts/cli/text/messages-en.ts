import type { UsageProblem } from '../arguments/usage-error.ts';
import type { Advice, Messages, SyncEnd } from './messages.ts';
import type { Numbers } from './numbers.ts';

/** English. */
export function englishMessages(numbers: Numbers): Messages {
  // Photos, videos and the sidecars that travel with them.
  const files = (count: number) => numbers.counted(count, 'file', 'files');
  return {
    numbers,
    usage,
    failureLead: () => '',
    help: {
      about: 'Puts every photo on this computer safely into the places you choose, and proves it.',
      usage: 'Usage',
      commands: 'Commands',
      options: 'Options',
      example: 'Example',
      more: 'Help for one command: cloudroll sync --help',
      command: {
        sync: 'back up the photos and videos in folders',
        status: 'show what is backed up where',
        list: 'list every photo, newest first',
        verify: 'check that every backup still holds every photo',
        destinations: 'show where photos can go, and where they are',
        restore: 'bring everything back from a destination',
        check: 'test whether a destination keeps its promises',
        serve: 'keep everything backed up, with the window in a browser',
        upload: 'back up single files, wherever they are',
        'sign-in': 'sign in to a cloud with the browser',
        'sign-out': 'sign out of a cloud',
      },
      details: {
        sync: 'Finds every photo and video in the folders, sends what is not there yet, and has each destination prove that it holds it. Nothing in your folders is ever changed, and deleting a photo here deletes nothing there. Run it again at any time: it goes on where it stopped.\n\nPasswords and keys are never part of a URL. They come from the environment: "cloudroll destinations" names the variables.',
        status: 'Shows how many photos each destination holds, what is left, and why.',
        list: 'Shows every photo and video with the time it was taken and where it is backed up.',
        verify:
          'Compares what each destination holds with what it should hold. With --read-data it also reads the bytes back, those that were read longest ago first. Without a URL, every destination of the catalogue.',
        destinations:
          'Shows the kinds of destination with the form of their URL and the environment variables for their secrets, and the destinations in use.',
        restore:
          'Brings back every photo with its folder, name and time. Needs nothing but the destination; files that are there already are never touched. Run it again to go on after an interruption.',
        check:
          'Runs the tests that every destination has to pass against a real one, and cleans up after itself.',
        serve:
          'Runs Cloudroll without a window of its own, for instance on a home server: backs up the folders that are set up, and shows everything in a browser at the address it prints. Only this computer can reach that address, and only whoever has it gets in. To use it from another computer, forward the port with ssh: ssh -L 47613:127.0.0.1:47613 server.',
        'sign-in':
          'Opens the sign-in page of a provider such as Dropbox in the browser, keeps the sign-in in the keychain of this computer, and prints the URL to use with --to. Name the kind of destination, or a whole URL with a folder. For a server without a keychain or browser: sign in on another computer with --print-token, and put what it prints into the environment there.',
        'sign-out':
          'Forgets a sign-in that "cloudroll sign-in" has kept, and has the provider forget it too. Nothing there is deleted.',
        upload:
          'Hands files to the Cloudroll that is running, or backs them up by itself where none runs. They go to the destinations that are set up, and stay where they are.',
      },
      option: {
        to: 'where the photos go; may be given several times',
        from: 'the destination to restore from',
        into: 'the folder to restore into',
        watch: 'keep running, and back up new photos as they come',
        'dry-run': 'only show what would be sent',
        'no-previews': 'do not make preview pictures',
        'start-anew': 'the destination was emptied or replaced on purpose: send everything again',
        'accept-changes': 'folders were moved, emptied or thinned out on purpose',
        limit: 'most bytes per second for all destinations together, like 500K or 2.5M',
        transfers: 'most photos on their way to a destination at once (1 to 64)',
        'device-name': "this computer's name in the backup (default: its host name)",
        'read-data': 'also read the bytes back, or as many per cent of the photos',
        port: 'port to listen on (default: 47613, or any that is free)',
        open: 'open the address in a browser',
        album: 'album that the files belong to',
        'no-browser': 'only print the address of the sign-in page',
        'print-token':
          'show the secrets of the sign-in instead of keeping them; whoever has them gets in',
        data: "where Cloudroll keeps its catalogue (default: this system's usual place)",
        json: 'one JSON object a line, the summary last',
        lang: 'language of the texts (default: that of the system)',
        help: 'show this help',
        version: 'show the version',
      },
    },
    watching: () => 'Watching for new photos; press Ctrl-C to stop.',
    phase: (phase) =>
      ({
        connecting: 'Connecting',
        working: 'Backing up',
        previews: 'Making previews',
        done: 'Done',
      })[phase],
    found: ({ filesFound, scanned }) =>
      `${numbers.counted(filesFound, 'file', 'files')} found${scanned ? '' : '…'}`,
    read: ({ filesRead, filesToRead }) =>
      `${numbers.count(filesRead)} of ${numbers.count(filesToRead)} read`,
    delivered: ({ delivered, toDeliver }) =>
      `${numbers.count(delivered)} of ${numbers.count(toDeliver)} proven`,
    previews: (made, wanted) =>
      `${numbers.count(made)} of ${numbers.counted(wanted, 'preview', 'previews')}`,
    ofBytes: (done, total) => `${numbers.bytes(done)} of ${numbers.bytes(total)}`,
    timeLeft: (seconds) => `${numbers.duration(seconds)} left`,
    problemsSoFar: (count) => numbers.counted(count, 'problem', 'problems'),
    problem: (path, destination) =>
      destination === null ? `Not backed up: ${path}` : `Not backed up at ${destination}: ${path}`,
    moreOfTheSame: (count, destination) =>
      `… and ${numbers.count(count)} more for the same reason${destination === null ? '' : ` at ${destination}`} (--json names each).`,
    notice: (destination) => (destination === null ? 'Note' : `Note on ${destination}`),
    wouldUpload: (path, destination, key) => `Would send ${path} to ${destination} as ${key}`,
    backedUp: (path, destination) => `Backed up at ${destination}: ${path}`,
    stoppedDestination: (name) => `${name} came to a stop`,
    syncEnd: (end) => syncEnd(end, numbers),
    stopping: () => 'Stopping… press Ctrl-C again to stop at once.',
    crashed: (message, log) =>
      `Cloudroll came upon an error of its own and stopped: ${message}${log === null ? '' : ` Details are in ${log}.`}`,
    status: {
      nothing: (data) => `Nothing has been backed up yet: there is no catalogue in ${data}.`,
      never: 'never',
      files: ({ files, bytes }) =>
        `${numbers.counted(files, 'file', 'files')}, ${numbers.bytes(bytes)}`,
      notTried: () => 'They wait for the next run.',
      state: (state) =>
        ({
          queued: 'waiting',
          uploading: 'on its way',
          verified: 'backed up',
          failed: 'not backed up',
        })[state],
      lastVerified: (moment) => `last proof: ${moment}`,
      reasons: () => 'Not backed up because:',
      reason: (count) => `${numbers.count(count)} ×`,
      notQueued: (count) =>
        `${numbers.counted(count, 'file', 'files')} could not be read or ${count === 1 ? 'waits' : 'wait'} to be read:`,
      allSafe: () => 'Everything that was found is backed up.',
    },
    list: {
      columns: ['Taken', 'Size', 'Bytes', 'Backed up', 'File'],
      nothing: () => 'There are no photos in the catalogue yet.',
    },
    destinations: {
      signIn: (command) => `sign in with: ${command}`,
      publishes: 'shows photos; never counts as a backup',
      kinds: 'Where photos can go',
      known: 'In use',
      none: 'None yet.',
      secrets: 'secrets from',
      presets: 'presets',
      holds: (count, bytes) => `${files(count)} backed up, ${numbers.bytes(bytes)}`,
    },
    publish: {
      noBackup: (titles) => ({
        message: `${numbers.list(titles)} only ${titles.length === 1 ? 'shows' : 'show'} photos and ${titles.length === 1 ? 'is' : 'are'} no backup.`,
        hint: 'Name a place that keeps them as well, for example --to file:///media/backup.',
      }),
      notShown: (path, destination, skipped) =>
        skipped
          ? `Not shown at ${destination}: ${path}`
          : `Not shown yet at ${destination}: ${path}`,
      end: (name, { published, alreadyPublished, failed, skipped }) => {
        const parts = [
          `${numbers.count(published)} new`,
          `${numbers.count(alreadyPublished)} before`,
          ...(failed > 0 ? [`${numbers.count(failed)} not yet`] : []),
          ...(skipped > 0 ? [`${numbers.count(skipped)} it does not take`] : []),
        ];
        return `Shown at ${name} (no backup): ${parts.join(', ')}.`;
      },
      standing: ({ alreadyPublished, failed, skipped }) =>
        `only shows photos, no backup: ${numbers.count(alreadyPublished)} shown, ${numbers.count(failed)} not yet, ${numbers.count(skipped)} it does not take`,
      reasons: () => 'Not shown because:',
      ignored: (count) => `${numbers.count(count)} of these are ignored.`,
    },
    restore: {
      planned: (assets, bytes) =>
        `${files(assets)} to bring back, ${numbers.bytes(bytes)} (sidecars included).`,
      progress: (done, assets) => `${numbers.count(done)} of ${numbers.count(assets)} restored`,
      failed: (path) => `Not restored: ${path}`,
      end: ({ assets, restored, alreadyThere, failed, bytes, seconds, into, cancelled }) => {
        const lines: string[] = [];
        if (cancelled) lines.push('Stopped. Run the same command again to go on.');
        else if (failed > 0) {
          lines.push(`${numbers.count(failed)} of ${files(assets)} could not be restored.`);
        } else if (assets === 0) lines.push('The destination holds no photos.');
        else lines.push(`Everything is restored: ${files(assets)} in ${into}.`);
        lines.push(
          `${numbers.count(restored)} fetched (${numbers.bytes(bytes)} in ${numbers.duration(seconds)}), ${numbers.count(alreadyThere)} there already.`,
        );
        return lines;
      },
    },
    verify: {
      phase: (phase) =>
        ({
          journals: 'Reading the journals',
          list: 'Comparing the listing',
          look: 'Looking at each file',
          read: 'Reading the bytes',
        })[phase],
      progress: (done, total) =>
        total === null ? numbers.count(done) : `${numbers.count(done)} of ${numbers.count(total)}`,
      finding: (kind, what) =>
        ({
          missing: `Missing: ${what}`,
          wrongSize: `Wrong size: ${what}`,
          corrupt: `Damaged: ${what}`,
          unreadable: `Cannot be read: ${what}`,
          unjournalled: `In no journal: ${what}`,
          extra: `Not in the catalogue: ${what}`,
          journal: `Damaged journal: ${what}`,
        })[kind],
      end: (name, { expected, intact, read, bytesRead }) => {
        const how = read === 0 ? '' : ` ${files(read)} read back, ${numbers.bytes(bytesRead)}.`;
        return intact === expected
          ? [`${name}: all ${files(expected)} are there.${how}`]
          : [
              `${name}: ${numbers.count(expected - intact)} of ${files(expected)} are missing or damaged.${how}`,
              'They are sent again by the next sync.',
            ];
      },
    },
    check: {
      outcome: (outcome) => ({ passed: 'ok', failed: 'FAILED', skipped: 'skipped' })[outcome],
      end: (passed, failed) =>
        failed === 0
          ? `The destination keeps its promises: ${numbers.counted(passed, 'test', 'tests')} passed.`
          : `${numbers.counted(failed, 'test', 'tests')} failed: do not rely on this destination.`,
      space: (used, total) =>
        total === null
          ? `Space: ${numbers.bytes(used)} used.`
          : `Space: ${numbers.bytes(used)} of ${numbers.bytes(total)} used.`,
    },
    serve: {
      address: (address) => `Cloudroll is running. Open ${address}`,
      howToStop: () => 'Press Ctrl-C to stop it.',
      noBrowser: () => 'There is no browser here to open it in; open the address yourself.',
    },
    signIn: {
      unknown: (kind, known) => ({
        message: `There is no sign-in with the browser for "${kind}".`,
        hint: `There is one for ${numbers.list(known)}; "cloudroll destinations" names what the others need.`,
      }),
      otherAccount: (signedIn, named) => ({
        message: `You signed in as ${signedIn}, but the URL names ${named}.`,
        hint: `Sign in as ${named}, or name ${signedIn} in the URL.`,
      }),
      noKeychain: (message, hint, variable) => ({
        message,
        hint: `${hint} Or run the command with --print-token and put what it prints into the environment (${variable}). Cloudroll never writes it into a file.`.trim(),
      }),
      notSignedIn: (url) => ({
        message: `Nothing is kept for ${url}.`,
        hint: 'Give the URL as "cloudroll sign-in" printed it; what stands in the environment you remove there.',
      }),
      goOn: (provider) =>
        `Go on in the browser, at ${provider}. If no page has opened, open this address:`,
      open: (provider) =>
        `Open this address in a browser of this computer to sign in at ${provider}:`,
      done: (account, url, kept) => [
        kept
          ? `You are signed in as ${account}.`
          : `You are signed in as ${account}. Nothing was kept: put the lines above into the environment, and show them to nobody.`,
        `Use it with: --to "${url}"`,
      ],
      signedOut: (provider, state) =>
        ({
          revoked: `You are signed out, here and at ${provider}.`,
          unsupported: `You are signed out here. To end it at ${provider} too, remove Cloudroll from the apps of your account there.`,
          shared: `You are signed out here. ${provider} was not told, because another destination uses the same account.`,
          failed: `You are signed out here. ${provider} could not be told: remove Cloudroll from the apps of your account there.`,
        })[state],
    },
    uploadEnd: ({ files, backedUp, alreadyBackedUp, ignored, failed }) => {
      const parts = [
        `${numbers.count(backedUp)} backed up`,
        `${numbers.count(alreadyBackedUp)} backed up before`,
        ...(ignored > 0 ? [`${numbers.count(ignored)} no photo or video`] : []),
        ...(failed > 0 ? [`${numbers.count(failed)} not backed up`] : []),
      ];
      return `${numbers.counted(files, 'file', 'files')}: ${numbers.list(parts)}.`;
    },
    portTaken: (port) => ({
      message: `The port ${String(port)} cannot be used: another program has it.`,
      hint: 'Name another one with --port, or leave --port out.',
    }),
    runningAlready: (address) => ({
      message: `Cloudroll is already running with this data directory${address === null ? '.' : `: ${address}`}`,
      hint:
        address === null
          ? 'Open its window, or end it first.'
          : 'Open that address, or end it first.',
    }),
    nothingToVerify: () => ({
      message: 'There is no destination to verify yet.',
      hint: 'Run "cloudroll sync" first, or name its data directory with --data.',
    }),
    unknownDestination: (url) => ({
      message: `The catalogue knows no destination ${url}.`,
      hint: 'Run "cloudroll destinations" to see those in use.',
    }),
    sameDestinationTwice: (url) => ({
      message: `The destination ${url} was given twice; it counts once.`,
      hint: '',
    }),
    noSuchFolder: (path) => ({
      message: `There is no folder ${path}.`,
      hint: 'Check the path, or connect the drive that holds it.',
    }),
    notAFolder: (path) => ({
      message: `${path} is not a folder.`,
      hint: 'Name the folder that holds it.',
    }),
    folderInside: (inner, outer) => ({
      message: `${inner} lies in ${outer}; its photos are counted once.`,
      hint: '',
    }),
    dataInside: (data, place) => ({
      message: `The data directory ${data} lies in ${place}.`,
      hint: 'Name a data directory outside of it with --data.',
    }),
    insideData: (place, data) => ({
      message: `${place} lies in the data directory ${data}.`,
      hint: 'Name another folder, or another data directory with --data.',
    }),
    intoOverlap: (into, from) => ({
      message: `The folder ${into} and the destination ${from} overlap.`,
      hint: 'Restore into a folder of its own.',
    }),
  };
}

function usage(problem: UsageProblem): Advice {
  const forCommand = (command: string | null) =>
    `Run "cloudroll ${command === null ? '' : `${command} `}--help" to see what there is.`;
  switch (problem.problem) {
    case 'noCommand':
      return { message: 'A command is missing.', hint: forCommand(null) };
    case 'unknownCommand':
      return {
        message: `There is no command "${problem.given}".`,
        hint: problem.nearest === null ? forCommand(null) : `Did you mean "${problem.nearest}"?`,
      };
    case 'unknownOption':
      return {
        message:
          problem.command === null
            ? `There is no option ${problem.given}.`
            : `"${problem.command}" has no option ${problem.given}.`,
        hint:
          problem.nearest === null
            ? forCommand(problem.command)
            : `Did you mean ${problem.nearest}?`,
      };
    case 'missingValue':
      return {
        message: `${problem.option} needs a value.`,
        hint: `Write it like ${problem.option} ${problem.placeholder}.`,
      };
    case 'unwantedValue':
      return { message: `${problem.option} takes no value.`, hint: forCommand(null) };
    case 'twice':
      return { message: `${problem.option} was given twice.`, hint: 'Give it once.' };
    case 'missingOption':
      return {
        message: `"${problem.command}" needs ${problem.option}.`,
        hint: forCommand(problem.command),
      };
    case 'missingOperand':
      return {
        message: `"${problem.command}" needs a ${problem.name}.`,
        hint: forCommand(problem.command),
      };
    case 'unwantedOperand':
      return {
        message: `"${problem.command}" does not take "${problem.given}".`,
        hint: forCommand(problem.command),
      };
    case 'conflict':
      return {
        message: `${problem.options[0]} and ${problem.options[1]} do not go together.`,
        hint: 'Leave one of them out.',
      };
    case 'badRate':
      return {
        message: `"${problem.given}" is no rate.`,
        hint: 'Write bytes per second, like 500K, 2.5M or 1G.',
      };
    case 'badPercent':
      return {
        message: `"${problem.given}" is no percentage.`,
        hint: 'Write a number over 0 and up to 100, like --read-data=10.',
      };
    case 'badLanguage':
      return { message: `There are no texts in "${problem.given}".`, hint: 'Choose en or ko.' };
    case 'badNumber':
      return {
        message: `${problem.option} is a whole number from ${problem.min} to ${problem.max}, not "${problem.given}".`,
        hint: 'Give another one.',
      };
  }
}

function syncEnd(
  { summary, cancelled, namedFailures, problems }: SyncEnd,
  numbers: Numbers,
): string[] {
  const photos = (count: number) => numbers.counted(count, 'photo', 'photos');
  const { found, skipped, failed, uploaded, alreadyBackedUp, wouldUpload } = summary;
  const names = numbers.list(Object.keys(summary.destinations));
  const open = failed + skipped;
  const lines: string[] = [];
  if (wouldUpload !== undefined) {
    lines.push(
      `${numbers.count(wouldUpload)} of ${photos(found)} would be sent to ${names}. Nothing was changed.`,
    );
    return lines;
  }
  if (cancelled) {
    lines.push(
      `Stopped. ${numbers.count(uploaded + alreadyBackedUp)} of ${photos(summary.photos)} seen so far are backed up at ${names}. Run the same command again to go on.`,
    );
  } else if (open > 0) {
    const verb = open === 1 ? 'is' : 'are';
    lines.push(
      `${numbers.count(open)} of ${photos(found)} ${verb} not backed up yet, for the reasons above.`,
    );
  } else if (namedFailures > 0) {
    const things = numbers.counted(namedFailures, 'other item is', 'other items are');
    lines.push(
      `${photos(summary.photos)} backed up at ${names}, but ${things} not, for the reasons above.`,
    );
  } else if (problems > 0) {
    lines.push(
      `${photos(summary.photos)} backed up at ${names}, but not everything could be looked at: see above.`,
    );
  } else if (found === 0) {
    lines.push('No photos or videos were found.');
  } else {
    lines.push(`Everything is backed up: ${photos(summary.photos)} at ${names}.`);
  }
  const sent =
    uploaded === 0
      ? 'Nothing new was sent'
      : `${photos(uploaded)} sent (${numbers.bytes(summary.bytesUploaded)})`;
  lines.push(
    `${sent} in ${numbers.duration(summary.seconds)}; ${numbers.count(alreadyBackedUp)} were there already.`,
  );
  const beside = [
    summary.duplicates > 0 ? numbers.counted(summary.duplicates, 'duplicate', 'duplicates') : '',
    summary.sidecars > 0 ? numbers.counted(summary.sidecars, 'sidecar', 'sidecars') : '',
    summary.ignored > 0
      ? numbers.counted(summary.ignored, 'other file ignored', 'other files ignored')
      : '',
  ].filter((part) => part !== '');
  if (beside.length > 0) lines.push(`Besides: ${numbers.list(beside)}.`);
  return lines;
}
