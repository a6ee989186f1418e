# A static program, and git, which tells it what a work tree holds. It needs no root, no network and no file that it may write.
FROM rust:1.95-slim-bookworm@sha256:d7482085ff5b415f84dba5647ae71606650bdef00db7aeb69f4b3d170c3e4082 AS build
WORKDIR /build
COPY . .
# The C library becomes a part of the program.
RUN cargo rustc --release --locked --bin commerce-lint -- -C target-feature=+crt-static \
  && cp target/release/commerce-lint /commerce-lint

FROM debian:bookworm-slim@sha256:7b140f374b289a7c2befc338f42ebe6441b7ea838a042bbd5acbfca6ec875818
LABEL org.opencontainers.image.title="commerce-lint" \
  org.opencontainers.image.description="Checks the deployment configuration of Adobe Commerce (Magento 2) instances" \
  org.opencontainers.image.licenses="MIT OR Apache-2.0" \
  org.opencontainers.image.version="0.1.0"
# Debian keeps no older versions, so none is named. The tree belongs to whoever mounts it: git may read it all the same, and the program
# lets it run nothing that the tree names.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system safe.directory '*'
COPY --from=build /commerce-lint /usr/local/bin/
COPY LICENSE-APACHE LICENSE-MIT /usr/share/licenses/commerce-lint/
USER 65532:65532
WORKDIR /tree
ENTRYPOINT ["commerce-lint"]
CMD ["check"]
