#!/bin/sh
# Trunk's last step: what it does not do itself. Runs in the checkout; $TRUNK_STAGING_DIR becomes dist/.
set -eu

# A style sheet of many small ones, without the comments and the indentation.
joined() {
  cat "$@" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//' | tr '\n' ' ' | sed 's|/\*[^*]*\*\**\([^/*][^*]*\*\**\)*/||g; s/  */ /g; s/ *\([{};,]\) */\1/g'
}
# What only dialogs, panels that are not open yet and paper need comes once the page has started.
late="fields.css build.css check.css dialog.css edit.css print.css scenario.css sheet.css zz-late.css"
(
  cd web/style
  joined $(for file in *.css; do case " $late " in *" $file "*) ;; *) echo "$file" ;; esac; done) > "$TRUNK_STAGING_DIR/style.css"
  joined $late > "$TRUNK_STAGING_DIR/late.css"
)

# That of a figure, which is in somebody's page: its element stands for the document and for the window, and a rem is ours.
(
  cd web/style
  joined tokens.css base.css controls.css page.css lane.css tree.css timeline.css threads.css listing.css panel.css scenario.css zz-app.css |
    sed 's/:root\[/.figure-root[/g; s/:root{/.figure-root{/g; s/\([{}]\)\(html\|body\){/\1.figure-root{/g
         s/@media (max-width:/@container figure (max-width:/g
         s/\([0-9]\)vw/\1cqw/g; s/\([0-9]\)d\{0,1\}vh/\1cqh/g' |
    awk '{ while (match($0, /-?[0-9]*\.?[0-9]+rem/)) { n = substr($0, RSTART, RLENGTH - 3); printf "%s%gpx", substr($0, 1, RSTART - 1), n * 16; $0 = substr($0, RSTART + RLENGTH) } print }'
  joined figure/figure.css
) > "$TRUNK_STAGING_DIR/figure.css"

# The element: no module, so that it runs in a page from a file, and nothing of it is in that page's names.
{
  # A page may name it more than once.
  printf '(() => {\n"use strict";\nif (customElements.get("memcg-playground")) return;\n'
  cat web/static/element/*.js
  echo '})();'
} > "$TRUNK_STAGING_DIR/memcg-playground.js"

node web/short-names.mjs "$TRUNK_STAGING_DIR"

cd "$TRUNK_STAGING_DIR"

# With script injection off, Trunk leaves the marker of the main program behind.
sed 's/<link[^>]*data-trunk-id[^>]*>//' index.html > index.html.new
mv index.html.new index.html

# What mounts figures is in their program's own file, so that one less is to be waited for.
cat figure-mount.js >> figure.js
rm figure-mount.js

# Scripts of ours without their comments and their indentation.
for file in boot.js embed.js worker-boot.js memcg-playground.js memcg-player.js figure.js src.js offline.js; do
  sed '/^ *\/\//d; s/^ *//' "$file" > "$file.new"
  mv "$file.new" "$file"
done

# A browser keeps files for a while: it must not run the program of one version with the glue of another.
version=$(cat ./*.js ./*.wasm ./*.css | cksum | cut -d ' ' -f 1)
for file in index.html embed.html boot.js embed.js worker-boot.js figure.js memcg-playground.js; do
  sed "s/?v=0/?v=$version/g" "$file" > "$file.new"
  mv "$file.new" "$file"
done
