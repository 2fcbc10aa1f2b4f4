import { startDisplay } from '../../scripts/lib/display.mjs';
import { deskBinary } from '../../scripts/lib/paths.mjs';
import { playDay } from './day.mjs';
import { Desk } from './harness/desk.mjs';
import { Folder } from './harness/folder.mjs';

// Plays the day of day.mjs on a virtual display. Saves screenshots and exported files in the folder given as argument.
const pictures = process.argv[2];
const screen = await startDisplay();
const folder = new Folder('demo');
let desk;
try {
  desk = await Desk.open({
    binary: deskBinary(),
    folder,
    display: screen.display,
    pictures,
    environment: { NOSMOKE_PICK_SAVE: pictures, NOSMOKE_PICK_FOLDER: pictures },
  });
  await playDay(desk, { tell: (sentence) => console.log(`  ${sentence}`) });
} catch (error) {
  console.error(desk?.output() ?? '');
  console.error(error);
  await desk?.screenshot('failure').catch(() => {});
  process.exitCode = 1;
} finally {
  await desk?.close();
  await screen.stop();
  folder.remove();
}
