# A static program and git, which tells it what a work tree holds.
FROM rust:1.95-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS build
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev
WORKDIR /build
COPY . .
# For musl, the target of this image, Rust links the C library into the program.
RUN cargo build --release --locked --bin commerce-lint

FROM alpine:3.23@sha256:fd791d74b68913cbb027c6546007b3f0d3bc45125f797758156952bc2d6daf40
# Alpine keeps no older versions, so none is named.
# hadolint ignore=DL3018
RUN apk add --no-cache git
COPY --from=build /build/target/release/commerce-lint /usr/local/bin/
COPY LICENSE-APACHE LICENSE-MIT /usr/share/licenses/commerce-lint/
USER 65532:65532
WORKDIR /tree
ENTRYPOINT ["commerce-lint"]
CMD ["check"]
