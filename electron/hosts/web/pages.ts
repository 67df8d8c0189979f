/** Said to a browser that came without the token. */
export const lockedPage = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title>Cloudroll</title></head>
  <body>
    <h1>Cloudroll</h1>
    <p>Open the address that Cloudroll printed when it started: it holds a key that this one lacks.</p>
    <p lang="ko">Cloudroll을 시작할 때 표시된 주소로 여세요. 이 주소에는 필요한 열쇠가 들어 있지 않습니다.</p>
  </body>
</html>
`;

/** Said where the window's files were not built. */
export const unbuiltPage = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Cloudroll</title></head>
  <body>
    <h1>Cloudroll</h1>
    <p>The window has not been built yet. Run "npm run build" and load this page again.</p>
    <p lang="ko">아직 화면이 만들어지지 않았습니다. "npm run build"를 실행한 뒤 이 페이지를 새로 고치세요.</p>
  </body>
</html>
`;
