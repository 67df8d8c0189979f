/** Choosing folders, wherever it is done. */
export const folders = {
  chooseThis: 'Choose this folder',
  chooseNamed: 'Choose “{{name}}”',
  foldersIn: 'Folders in {{name}}',
  noFolders: 'There are no folders in here.',
  up: 'One folder up',
  toStart: 'Back to the start',
  notWritable: 'Nothing can be written to this folder. Choose another one.',
  newFolder: 'New folder',
  newFolderName: 'Name of the new folder',
  make: 'Create',
  counting: 'Counting photos…',
  cannotCount: 'Cannot be looked into',
  noPhotos: 'No photos',
};
