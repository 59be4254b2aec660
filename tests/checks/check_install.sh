#!/bin/sh
# What is installed is complete: a program built with pkg-config alone, and one built with find_package, run.
# usage: check_install.sh BUILD_DIR SOURCE_DIR CC
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$1" --prefix "$folder/usr" >"$folder/log"
PKG_CONFIG_PATH=$(dirname "$(find "$folder/usr" -name ruff.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046
"$3" "$2/docs/examples/embed.c" -o "$folder/embed" ${CFLAGS-} $(pkg-config --cflags --static --libs ruff)
"$folder/embed"
mkdir "$folder/project"
cat >"$folder/project/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(embedder LANGUAGES C)
find_package(ruff REQUIRED)
add_executable(embedder $2/docs/examples/embed.c)
target_link_libraries(embedder ruff::ruff)
EOF
cmake -S "$folder/project" -B "$folder/out" -G Ninja -DCMAKE_PREFIX_PATH="$folder/usr" -DCMAKE_C_FLAGS="${CFLAGS-}" >>"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
cmake --build "$folder/out" >>"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
"$folder/out/embedder"
"$folder/usr/bin/ruff" --version
