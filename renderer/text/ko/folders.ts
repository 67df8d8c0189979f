/** 폴더를 고를 때 쓰는 말. */
export const folders = {
  chooseThis: '이 폴더 선택',
  chooseNamed: '“{{name}}” 선택',
  foldersIn: '{{name}}의 폴더',
  noFolders: '이 안에는 폴더가 없습니다.',
  up: '상위 폴더로',
  toStart: '처음으로',
  notWritable: '이 폴더에는 쓸 수 없습니다. 다른 폴더를 고르세요.',
  newFolder: '새 폴더',
  newFolderName: '새 폴더 이름',
  make: '만들기',
  counting: '사진 세는 중…',
  cannotCount: '들여다볼 수 없음',
  noPhotos: '사진 없음',
};
