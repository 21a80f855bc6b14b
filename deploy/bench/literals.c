/* A peer of `kentongan bench judge`: Vectorscan (or Hyperscan) looking for the bare forms as literals.

   apt-get install libhyperscan-dev   # or libvectorscan-dev
   cc -O2 -o literals deploy/bench/literals.c -lhs
   kentongan bench judge --peer ./literals */
#define _GNU_SOURCE
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *hits) {
  (void)id, (void)from, (void)to, (void)flags;
  ++*(unsigned long long *)hits;
  return 0;
}

static char **lines(const char *path, unsigned *count) {
  FILE *file = fopen(path, "r");
  if (!file) { perror(path); exit(1); }
  char **out = 0, *line = 0;
  size_t room = 0, len = 0;
  ssize_t got;
  for (*count = 0; (got = getline(&line, &len, file)) > 0; ) {
    if (line[got - 1] == '\n') line[got - 1] = 0;
    if (*count == room) out = realloc(out, (room = room ? room * 2 : 1024) * sizeof *out);
    out[(*count)++] = strdup(line);
  }
  fclose(file);
  return out;
}

int main(int argc, char **argv) {
  if (argc != 3) { fprintf(stderr, "%s FORMS TEXTS\n", argv[0]); return 2; }
  unsigned forms, texts;
  char **form = lines(argv[1], &forms), **text = lines(argv[2], &texts);
  size_t *length = malloc(forms * sizeof *length);
  unsigned *flags = calloc(forms, sizeof *flags), *ids = calloc(forms, sizeof *ids);
  for (unsigned i = 0; i < forms; i++) length[i] = strlen(form[i]), ids[i] = i;
  hs_database_t *database;
  hs_compile_error_t *error;
  if (hs_compile_lit_multi((const char *const *)form, flags, ids, length, forms, HS_MODE_BLOCK, 0, &database, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  hs_scratch_t *scratch = 0;
  if (hs_alloc_scratch(database, &scratch)) return 1;
  setvbuf(stdout, 0, _IOLBF, 0);
  puts("vectorscan");
  for (char ask[64]; fgets(ask, sizeof ask, stdin); ) {
    struct timespec from, to;
    unsigned long long hits = 0;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (unsigned i = 0; i < texts; i++) hs_scan(database, text[i], strlen(text[i]), 0, scratch, hit, &hits);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.1f %llu\n", texts / ((to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9), hits);
  }
  return 0;
}
