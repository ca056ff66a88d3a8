#!/bin/sh
# Trunk's last step: what it does not do itself. Runs in the checkout; $TRUNK_STAGING_DIR becomes dist/.
set -eu

# One style sheet of many small ones, without the comments and the indentation.
cat web/style/*.css | sed 's/^[[:space:]]*//; s/[[:space:]]*$//' | tr '\n' ' ' | sed 's|/\*[^*]*\*\**\([^/*][^*]*\*\**\)*/||g; s/  */ /g; s/ *\([{};,]\) */\1/g' > "$TRUNK_STAGING_DIR/style.css"
cd "$TRUNK_STAGING_DIR"

# With script injection off, Trunk leaves the marker of the main program behind.
sed 's/<link[^>]*data-trunk-id[^>]*>//' index.html > index.html.new
mv index.html.new index.html

# Scripts of ours without their comments and their indentation.
for file in boot.js embed.js worker-boot.js memcg-playground.js src.js offline.js; do
  sed '/^ *\/\//d; s/^ *//' "$file" > "$file.new"
  mv "$file.new" "$file"
done

# A browser keeps files for a while: it must not run the program of one version with the glue of another.
version=$(cat ./*.js ./*.wasm ./*.css | cksum | cut -d ' ' -f 1)
for file in index.html embed.html boot.js embed.js worker-boot.js; do
  sed "s/?v=0/?v=$version/g" "$file" > "$file.new"
  mv "$file.new" "$file"
done
